"""uname, hostname, lscpu, free … , id and date: what the node says of itself."""

from __future__ import annotations

import pytest

from fakesites.tools.date import moment_of
from fakesites.tools.date import seconds_of
from tests.fakesites.node_world import EPOCH
from tests.fakesites.node_world import NodeWorld


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("uname", "Linux\n"),
        ("uname -r", "5.14.0-503.11.1.el9_5.x86_64\n"),
        ("uname -sm", "Linux x86_64\n"),
        ("uname -n", "wn001.bnl.sim\n"),
        ("hostname", "wn001.bnl.sim\n"),
        ("hostname -f", "wn001.bnl.sim\n"),
        ("hostname -s", "wn001\n"),
        ("hostname -d", "bnl.sim\n"),
        ("hostname -i", "10.0.0.100\n"),
        ("nproc", "8\n"),
        ("nproc --all", "8\n"),
        ("nproc --ignore=7", "1\n"),
        ("id", "uid=31001(pilot) gid=31000(grid) groups=31000(grid)\n"),
        ("id -u", "31001\n"),
        ("id -un", "pilot\n"),
        ("id -gn", "grid\n"),
        ("id -u root", "0\n"),
        ("whoami", "pilot\n"),
        ("groups", "grid\n"),
        ("lsblk -d -o NAME,SIZE", "NAME SIZE\nsda  196G\n"),
        ("lsblk -dno NAME", "sda\n"),
        ("uptime", " 08:00:00 up 10 days, 0 min,  0 users,  load average: 0.00, 0.00, 0.00\n"),
        ("uptime -s", "2026-02-19 08:00:00\n"),
        ("dmesg", ""),
        ("date", "Sun Mar  1 08:00:00 UTC 2026\n"),
        ("date -u +%Y-%m-%dT%H:%M:%S", "2026-03-01T08:00:00\n"),
        ("date +%s.%N", "1772352000.000000000\n"),
        ("date '+%z %Z %%s'", "+0000 UTC %s\n"),
        ("date -d @0 +%F", "1970-01-01\n"),
        ("date -d '1 hour ago' +%T", "07:00:00\n"),
        ("date -d '2026-03-02 01:02:03' +%s", "1772413323\n"),
        ("date -Iseconds", "2026-03-01T08:00:00+00:00\n"),
        ("date -I", "2026-03-01\n"),
        ("date -R", "Sun, 01 Mar 2026 08:00:00 +0000\n"),
        ("cat /etc/hostname", "wn001.bnl.sim\n"),
        ("grep -c ^processor /proc/cpuinfo", "8\n"),
        ("grep -o 'avx2' /proc/cpuinfo | uniq", "avx2\n"),
        ("head -n 1 /etc/os-release", 'NAME="AlmaLinux"\n'),
        ("cat /dev/null", ""),
        ("cat /proc/self/comm", "cat\n"),
        ("[ -f /etc/os-release ] && echo yes", "yes\n"),
        ("ps -p $$ -o comm=; true", "bash\n"),
        ("pwd", "/srv/work\n"),
        ("which ls uname", "/usr/bin/ls\n/usr/bin/uname\n"),
    ],
)
def test_the_node_says(node_world: NodeWorld, line: str, text: str) -> None:
    assert text == node_world.out(line)


def test_uname_says_it_all(node_world: NodeWorld) -> None:
    text = node_world.out("uname -a")
    assert text.startswith("Linux wn001.bnl.sim 5.14.0")
    assert text.endswith("x86_64 GNU/Linux\n")


def test_lscpu_has_the_lines_that_pilots_read(node_world: NodeWorld) -> None:
    lines = node_world.out("lscpu").splitlines()
    found = {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
    assert ("x86_64", "8", "2", "4", "1") == tuple(
        found[name]
        for name in (
            "Architecture",
            "CPU(s)",
            "Thread(s) per core",
            "Core(s) per socket",
            "Socket(s)",
        )
    )
    assert "AMD EPYC 7302P 16-Core Processor" == found["Model name"]
    assert "2994.400" == found["CPU MHz"]


def test_free_counts_memory(node_world: NodeWorld) -> None:
    rows = [line.split() for line in node_world.out("free -m").splitlines()]
    assert ["total", "used", "free", "shared", "buff/cache", "available"] == rows[0]
    assert ["Mem:", "16000", "1216"] == rows[1][:3]
    assert ["Swap:", "4000", "0", "4000"] == rows[2]
    assert "16384000" == node_world.out("free").splitlines()[1].split()[1]
    assert "15.7Gi" in node_world.out("free -h") or "16Gi" in node_world.out("free -h")


def test_ifconfig_shows_addresses_of_both_kinds(node_world: NodeWorld) -> None:
    text = node_world.out(("/usr/sbin/ifconfig", "-a"))
    assert "inet 10.0.0.100 " in text
    assert "inet6 fe80::" in text


def test_the_kernel_s_messages_can_be_searched(node_world: NodeWorld) -> None:
    node_world.node.kernel_log.append("[42.0] Out of memory: Killed process 4002 (payload)")
    assert "Killed process 4002" in node_world.out("dmesg|grep 4002")


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("hostname other", "you must be root to change the host name"),
        ("id nobody2", "‘nobody2’: no such user"),
        ("lsblk -o NOPE", "unknown column: NOPE"),
        ("date nonsense", "invalid date ‘nonsense’"),
        ("date -d nonsense", "invalid date ‘nonsense’"),
        ("date -s 12:00", "cannot set date: Operation not permitted"),
        ("sleep", "missing operand"),
        ("sleep x", "invalid time interval ‘x’"),
        ("uname --nope", "unrecognized option '--nope'"),
    ],
)
def test_what_makes_no_sense_is_told(node_world: NodeWorld, line: str, complaint: str) -> None:
    end = node_world.run(line)
    assert (1, f"{line.split()[0]}: {complaint}\n") == (end.code, end.stderr)


def test_virtual_time_goes_on(node_world: NodeWorld) -> None:
    node_world.forward(3661.5)
    assert "09:01:01.500\n" == node_world.out("date +%T.%3N")
    assert "09:01:01\n" == node_world.out("touch f; sleep 60; date -r f +%T")


@pytest.mark.parametrize(
    ("word", "seconds"),
    [("5", 5), ("1.5", 1.5), (".5", 0.5), ("2m", 120), ("1h", 3600), ("1d", 86400)],
)
def test_sleep_takes_as_long_as_it_is_told(
    node_world: NodeWorld, word: str, seconds: float
) -> None:
    assert seconds == seconds_of(word)
    node_world.run(("sleep", word))
    assert seconds == node_world.clock.now


def test_sleep_adds_its_arguments_and_no_time_is_no_time(node_world: NodeWorld) -> None:
    assert node_world.spawn(("sleep", "0")).finished is not None
    node_world.run(("sleep", "1", "1m"))
    assert 61.0 == node_world.clock.now


@pytest.mark.parametrize(
    ("text", "offset"),
    [("now", 0), ("2 days", 172_800), ("-5 min", -300), ("10 seconds ago", -10)],
)
def test_dates_are_understood(text: str, offset: float) -> None:
    assert EPOCH + offset == moment_of(text, now=EPOCH)
