"""exec, spawn and posix_spawn run programs of the node."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.guest.tiny_host import TinyHost

COMMANDS = {
    "/bin/tool one": (5.0, 3, "out\n"),
    "/bin/quick": (0.0, 0, "quick\n"),
    "/bin/shot": (7.0, -15, ""),
}


@pytest.fixture
def host(tmp_path: Path) -> TinyHost:
    return TinyHost(tmp_path, commands=COMMANDS)


def test_exec_ends_the_program_as_its_child_ends(host: TinyHost) -> None:
    program = """
import os
print("before", flush=True)
os.execv("/bin/tool", ["tool", "one"])
print("after")
"""
    assert "before\nout\n" == host.fly(program)
    assert ((3, 0), 15.0) == (host.outcome, host.now)


def test_exec_of_a_program_that_is_killed(host: TinyHost) -> None:
    host.fly("import os; os.execlp('/bin/shot', 'shot')")
    assert (0, 15) == host.outcome


def test_spawn_waits_or_does_not(host: TinyHost) -> None:
    program = """
import os, time
print(os.spawnl(os.P_WAIT, "/bin/tool", "tool", "one"), time.monotonic(), flush=True)
pid = os.spawnv(os.P_NOWAIT, "/bin/tool", ["tool", "one"])
print(pid > 0, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), time.monotonic())
"""
    assert "out\n3 15.0\nout\nTrue 3 20.0\n" == host.fly(program)


def test_posix_spawn_sends_the_streams_where_it_is_told(host: TinyHost) -> None:
    program = """
import os
opening = (os.POSIX_SPAWN_OPEN, 1, "out.txt", os.O_WRONLY | os.O_CREAT, 0o600)
actions = [opening, (os.POSIX_SPAWN_DUP2, 1, 2)]
pid = os.posix_spawn("/bin/quick", ["quick"], os.environ, file_actions=actions)
print(os.waitpid(pid, 0)[1], open("out.txt").read())
"""
    assert "0 quick\n\n" == host.fly(program)


def test_exec_without_arguments_is_an_error(host: TinyHost) -> None:
    program = """
import os
try: os.execv("/bin/tool", [])
except ValueError as error: print(error)
"""
    assert "execv() arg 2 must not be empty\n" == host.fly(program)
