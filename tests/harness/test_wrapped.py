"""What a wrapper is told, and what python3 of a node says to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness import wrapped
from tests.fakesites.node_world import NodeWorld
from tests.fakesites.node_world import make_world

AT_LEAST = "import sys; sys.exit(sys.version_info < (3, 9))"


@pytest.fixture
def python(tmp_path: Path) -> NodeWorld:
    """Return a node with a Python, which is not to be flown with."""

    def launch(*_words: object, **_more: object) -> None:
        raise AssertionError("nobody flies")

    node_world = make_world(tmp_path / "srv")
    program = wrapped.python(launch, version="3.10.4")
    node_world.node.conditions.programs["python3"] = program
    return node_world


@pytest.mark.parametrize(
    ("argv", "stable", "candidate"),
    [
        (("-m", "pilotcore", "-q", "Q"), "-m pilotcore", "-m pilotcore.__main__"),
        (("/srv/pilot/pilot.py", "-q", "Q"), "/srv/pilot/pilot.py", "/srv/pilot/./pilot.py"),
    ],
)
def test_one_code_has_two_names(argv: tuple[str, ...], stable: str, candidate: str) -> None:
    env = wrapped.variables(argv, {"A": "1", "PILOT_DRAW": "7"}, draw=3)
    assert {
        "A": "1",
        "PILOT_CANDIDATE": candidate,
        "PILOT_DRAW": "7",
        "PILOT_STABLE": stable,
    } == env
    assert ("-q", "Q") == wrapped.packages_of(argv)[2]


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("python3 -V", 0, "Python 3.10.4\n"),
        (f"python3 -c '{AT_LEAST}'", 0, ""),
        (f"python3 -c '{AT_LEAST.replace('9', '10')}'", 0, ""),
        (f"python3 -c '{AT_LEAST.replace('9', '11')}'", 1, ""),
        (f"python3 -c '{wrapped.NUMBER}'", 0, "310\n"),
    ],
)
def test_python_knows_its_version(python: NodeWorld, line: str, code: int, said: str) -> None:
    ran = python.run(line)
    assert (code, said) == (ran.code, ran.stdout)


def test_other_programs_are_refused(python: NodeWorld) -> None:
    ran = python.run("python3 -c 'print(1)'")
    assert 2 == ran.code
    assert "not spoken" in ran.stderr
