"""A launcher starts what it is asked to by files, and says what became of it."""

from __future__ import annotations

import errno
import json
from typing import Any

import pytest

from fakesites.launcher import FOLDER
from fakesites.launcher import Launcher
from tests.fakesites.node_world import WORK
from tests.fakesites.node_world import NodeWorld

PLACE = f"/srv/{FOLDER}"


@pytest.fixture
def front(node_world: NodeWorld) -> NodeWorld:
    """Return a world whose node has a launcher."""
    node_world.clock.process(Launcher(node_world.node).run())
    run_to(node_world, 1.0)
    return node_world


def run_to(world: NodeWorld, instant: float) -> None:
    while world.clock.peek() <= instant:
        world.clock.step()


def ask(world: NodeWorld, *argv: str, stem: str = "1") -> None:
    request = {
        "argv": list(argv),
        "cwd": WORK,
        "env": {"PATH": "/bin"},
        "stdout": f"{WORK}/out",
        "stderr": "",
    }
    world.node.files.write(f"{PLACE}/{stem}.run", json.dumps(request).encode())


def said(world: NodeWorld, name: str) -> dict[str, Any] | None:
    path = world.node.files.real(f"{PLACE}/{name}")
    return json.loads(path.read_text()) if path.exists() else None


def test_a_program_is_started_and_its_end_told(front: NodeWorld) -> None:
    ask(front, "/bin/bash", "-c", "echo hello; sleep 20; exit 3")
    run_to(front, 15.0)
    assert (True, None) == ("pid" in (said(front, "1.pid") or {}), said(front, "1.end"))
    run_to(front, 40.0)
    assert {"code": 3, "signal": 0} == said(front, "1.end")
    assert b"hello\n" == front.node.files.read(f"{WORK}/out")


def test_its_group_gets_the_signals_that_are_left_for_it(front: NodeWorld) -> None:
    ask(front, "/bin/bash", "-c", "sleep 1000")
    run_to(front, 10.0)
    front.node.files.write(f"{PLACE}/1.signal.1", b'{"signal": 9}')
    run_to(front, 20.0)
    assert {"code": 0, "signal": 9} == said(front, "1.end")
    assert said(front, "1.signal.1") is None


def test_what_cannot_be_started_is_told(front: NodeWorld) -> None:
    ask(front, "no-such-program")
    run_to(front, 10.0)
    assert {"error": errno.ENOENT} == said(front, "1.pid")


def test_the_process_is_not_a_child_of_the_pilot(front: NodeWorld) -> None:
    ask(front, "/bin/sleep", "100")
    run_to(front, 10.0)
    process = front.node.processes[(said(front, "1.pid") or {})["pid"]]
    assert front.pilot.pid != process.ppid
    assert process.pid == process.pgid
