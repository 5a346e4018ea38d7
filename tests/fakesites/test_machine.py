"""What /proc and /etc say of a node."""

from __future__ import annotations

import pytest

from fakesites.machine import NodeSpec
from fakesites.machine import comm
from fakesites.processes import Process
from tests.fakesites.node_world import NodeWorld


def test_cpuinfo_has_a_section_for_each_core(node_world: NodeWorld) -> None:
    text = node_world.node.system_text("/proc/cpuinfo")
    assert text is not None
    numbers = [line.split()[-1] for line in text.splitlines() if line.startswith("processor")]
    assert [str(number) for number in range(8)] == numbers
    assert "model name\t: AMD EPYC 7302P 16-Core Processor" in text


def test_meminfo_counts_what_processes_hold(node_world: NodeWorld) -> None:
    def free_kb() -> int:
        text = node_world.node.system_text("/proc/meminfo") or ""
        return int(
            next(line for line in text.splitlines() if line.startswith("MemFree")).split()[1]
        )

    before = free_kb()
    node_world.pilot.rate(now=0.0, cpu=0.0, rss_kb=node_world.pilot.rss_kb(0.0) + 1_000_000)
    assert before - 1_000_000 == free_kb()


def test_the_load_is_the_cores_in_use(node_world: NodeWorld) -> None:
    node_world.pilot.rate(now=0.0, cpu=1.5, rss_kb=1)
    node_world.node.extra_load = 2.0
    text = node_world.node.system_text("/proc/loadavg") or ""
    assert ["3.50", "3.50", "3.50", "1/8", "4001"] == text.split()


def test_uptime_goes_on(node_world: NodeWorld) -> None:
    node_world.forward(100)
    assert "864100.00 6912800.00\n" == node_world.node.system_text("/proc/uptime")


@pytest.mark.parametrize("path", ["/etc/os-release", "/proc/mounts", "/proc/version"])
def test_a_file_of_the_system_has_text(node_world: NodeWorld, path: str) -> None:
    assert (node_world.node.system_text(path) or "").endswith("\n")


@pytest.mark.parametrize("path", ["/etc/shadow", "/proc/99/stat", "/proc/4001/maps", "/proc"])
def test_what_the_system_does_not_have_has_none(node_world: NodeWorld, path: str) -> None:
    assert node_world.node.system_text(path) is None


def test_a_process_has_its_files(node_world: NodeWorld) -> None:
    node_world.pilot.rate(now=0.0, cpu=0.5, rss_kb=4000)
    node_world.forward(10)
    read = node_world.node.system_text
    stat = (read("/proc/4001/stat") or "").split()
    assert ["4001", "(python3)", "R", "3391", "4001", "4001"] == stat[:6]
    assert ("500", "1000") == (stat[13], stat[23])  # ticks of user time, pages
    assert "python3\0pilot.py\0" == read("/proc/4001/cmdline")
    assert "python3\n" == read("/proc/4001/comm")
    assert "PPid:\t3391\n" in (read("/proc/4001/status") or "")


@pytest.mark.parametrize(
    ("argv", "expect"),
    [
        (("/usr/bin/sleep", "5"), "sleep"),
        (("sshd: /usr/sbin/sshd -D",), "sshd"),
        (("a-name-of-more-than-15",), "a-name-of-more-"),
    ],
)
def test_the_kernel_keeps_a_short_name(argv: tuple[str, ...], expect: str) -> None:
    assert expect == comm(Process(7, 1, 7, 7, "pilot", "pilot-1", argv, 0.0))


def test_users_have_numbers_and_groups() -> None:
    spec = NodeSpec()
    assert [0, 31_001, 990] == [spec.uid_of(name) for name in ("root", "pilot", "condor")]
    assert ["root", "grid"] == [spec.group_of(name) for name in ("root", "pilot")]
