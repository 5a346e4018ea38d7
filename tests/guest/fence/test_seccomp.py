"""The filter of system calls, run here by a small machine of its own: no kernel is asked."""

from __future__ import annotations

import errno
import re
import struct
from pathlib import Path

import pytest

from guest.fence import seccomp

WORD = 0x9ABC_DEF1
PID = 1234
MACHINES = ("x86_64", "aarch64")
HEADERS = {
    "x86_64": ("/usr/include/x86_64-linux-gnu/asm/unistd_64.h", "/usr/include/asm/unistd_64.h"),
    "aarch64": ("/usr/include/asm-generic/unistd.h",),
}


def answer(code: bytes, architecture: int, number: int, *arguments: int) -> int:
    """Return what the filter *code* says to a call, as the kernel would read it."""
    given = [*arguments, *[0] * (6 - len(arguments))]
    data = struct.pack("<iIQ6Q", number, architecture, 0, *(each % 2**64 for each in given))
    steps = [struct.unpack_from("=HBBI", code, at) for at in range(0, len(code), 8)]
    at = loaded = 0
    while True:
        kind, yes, no, value = steps[at]
        at += 1
        if kind == seccomp.RETURN:
            return int(value)
        if kind == seccomp.LOAD:
            (loaded,) = struct.unpack_from("<I", data, value)
        elif kind == seccomp.EQUAL:
            at += yes if loaded == value else no
        elif kind == seccomp.AT_LEAST:
            at += yes if loaded >= value else no
        else:
            assert kind == seccomp.BITS
            at += yes if loaded & value else no


@pytest.fixture(params=MACHINES)
def machine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Make this machine look like one of those that there are filters for."""
    found = seccomp.MACHINES[request.param]
    monkeypatch.setattr(seccomp, "machine", lambda: found)
    return str(request.param)


def ask(code: bytes, machine: str, name: str, *arguments: int) -> int:
    architecture, column = seccomp.MACHINES[machine]
    number = seccomp.NUMBERS[name][column]
    if number is None:
        pytest.skip(f"{machine} has no {name}")
    return answer(code, architecture, number, *arguments)


@pytest.mark.parametrize("name", [*seccomp.KERNEL, *seccomp.PROCESSES, *seccomp.SIGNALS])
def test_a_guest_is_refused_whatever_the_arguments(machine: str, name: str) -> None:
    assert seccomp.TRAP == ask(seccomp.inner(PID), machine, name, 1, 2, 3)


@pytest.mark.parametrize(
    ("arguments", "action"),
    [
        ((0x003D0F00,), seccomp.ALLOW),
        ((seccomp.FORK_FLAGS[0], 0, WORD), seccomp.ALLOW),
        ((seccomp.FORK_FLAGS[1], 0, WORD), seccomp.ALLOW),
        ((seccomp.FORK_FLAGS[1], 0, WORD + 1), seccomp.TRAP),
        ((seccomp.FORK_FLAGS[1], 0, 0), seccomp.TRAP),
        ((seccomp.FORK_FLAGS[1] | 0x100, 0, WORD), seccomp.TRAP),
        ((seccomp.FORK_FLAGS[1] | 0x20000000, 0, WORD), seccomp.TRAP),
    ],
    ids=["thread", "fork", "fork-tid", "wrong-word", "no-word", "vm", "namespace"],
)
def test_only_the_word_makes_a_copy(machine: str, arguments: tuple[int, ...], action: int) -> None:
    assert action == ask(seccomp.inner(PID, WORD), machine, "clone", *arguments)


@pytest.mark.parametrize(
    ("name", "arguments", "action"),
    [
        ("clone", (0x003D0F00,), "allow"),
        ("clone", (17,), "trap"),
        ("clone3", (), "absent"),
        ("tgkill", (PID, PID, 6), "allow"),
        ("tgkill", (PID + 1, PID + 1, 6), "trap"),
        ("prlimit64", (0, 4), "allow"),
        ("prlimit64", (PID, 4), "allow"),
        ("prlimit64", (PID + 1, 4), "trap"),
        ("setpriority", (0, 0, 5), "allow"),
        ("setpriority", (0, PID + 1, 5), "trap"),
        ("setpriority", (2, 0, 5), "trap"),
        ("sched_setaffinity", (PID + 1,), "trap"),
        ("socket", (1, 1, 0), "denied"),
        ("socket", (2, 1, 0), "trap"),
        ("socket", (17, 3, 0), "trap"),
        ("socketpair", (1, 1, 0), "allow"),
        ("socketpair", (2, 1, 0), "trap"),
        ("sendto", (5, 0, 1, 0, 0, 0), "allow"),
        ("sendto", (5, 0, 1, 0, 1 << 40, 16), "trap"),
        ("sendto", (5, 0, 1, 0, 4096, 16), "trap"),
        ("connect", (5, 4096, 16), "trap"),
        ("sendmsg", (5, 4096), "trap"),
        ("fcntl", (5, 4), "allow"),
        ("fcntl", (5, 8), "trap"),
        ("fcntl", (5, 10), "trap"),
        ("ioctl", (0, 0x5401), "allow"),
        ("ioctl", (0, 0x5412), "trap"),
        ("prctl", (36, 1), "allow"),
        ("prctl", (1, 0), "trap"),
        ("personality", (0xFFFFFFFF,), "allow"),
        ("personality", (0,), "trap"),
        ("io_uring_setup", (), "absent"),
        ("shmget", (), "trap"),
    ],
)
def test_the_arguments_decide(
    machine: str, name: str, arguments: tuple[int, ...], action: str
) -> None:
    actions = {
        "allow": seccomp.ALLOW,
        "trap": seccomp.TRAP,
        "absent": seccomp.ERRNO | errno.ENOSYS,
        "denied": seccomp.ERRNO | errno.EACCES,
    }
    assert actions[action] == ask(seccomp.inner(PID), machine, name, *arguments)


def test_what_no_rule_names_is_allowed(machine: str) -> None:
    architecture, column = seccomp.MACHINES[machine]
    write, read = ((1, 0), (64, 63))[column]
    for code in (seccomp.inner(PID), seccomp.outer()):
        assert seccomp.ALLOW == answer(code, architecture, write, 1)
        assert seccomp.ALLOW == answer(code, architecture, read, 0)


def test_the_calls_of_another_architecture_end_the_process(machine: str) -> None:
    i386 = 0x40000003
    assert seccomp.KILL == answer(seccomp.inner(PID), i386, 4)


def test_the_numbers_of_x32_are_no_way_around() -> None:
    architecture, column = seccomp.MACHINES["x86_64"]
    rules = seccomp.Rules(architecture, column)
    rules.refuse(("kill",), seccomp.TRAP)
    absent = seccomp.ERRNO | errno.ENOSYS
    assert absent == answer(rules.assembled(), architecture, seccomp.X32 | 62)


def test_before_the_interpreter_starts_only_the_walls_are_guarded(machine: str) -> None:
    code = seccomp.outer()
    denied = seccomp.ERRNO | errno.EPERM
    assert denied == ask(code, machine, "mount")
    assert denied == ask(code, machine, "clone", 0x10000000)
    assert seccomp.ALLOW == ask(code, machine, "clone", 17)
    assert seccomp.ALLOW == ask(code, machine, "execve")
    assert seccomp.ALLOW == ask(code, machine, "kill")


def test_other_machines_have_no_filter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seccomp, "machine", lambda: None)
    assert (None, None) == (seccomp.inner(PID), seccomp.outer())
    assert seccomp.put_up(None) is False


@pytest.mark.parametrize("machine_name", MACHINES)
def test_the_numbers_are_those_of_the_kernels_headers(machine_name: str) -> None:
    header = next((each for each in map(Path, HEADERS[machine_name]) if each.is_file()), None)
    if header is None:
        pytest.skip("no headers of the kernel here")
    column = seccomp.MACHINES[machine_name][1]
    found = {
        name: int(number)
        for name, number in re.findall(
            r"#define __NR(?:3264)?_(\w+)\s+(\d+)\b", header.read_text(encoding="utf-8")
        )
    }
    ours = {name: pair[column] for name, pair in seccomp.NUMBERS.items()}
    assert {name: found[name] for name in ours if name in found} == {
        name: number for name, number in ours.items() if name in found
    }
    missing = [name for name in ours if name not in found and ours[name] is not None]
    # Headers may be older than the calls.
    assert set(missing) <= {"quotactl_fd", "process_mrelease"}
