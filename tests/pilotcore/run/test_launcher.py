"""A launcher is asked by files, and answers in files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pilotcore.platform import Command
from pilotcore.platform import Exit
from pilotcore.run.launcher import LauncherPlatform
from tests.pilotcore.scripted import ScriptedFlag
from tests.pilotcore.scripted import ScriptedPlatform


def nobody(_what: object) -> None:
    raise AssertionError("nobody asks for anything here")


class Front:
    """A launcher of the test's: it answers *pid* after a while."""

    def __init__(self, folder: Path) -> None:
        self.platform = ScriptedPlatform(http=nobody, program=nobody)  # type: ignore[arg-type]
        self.launching = LauncherPlatform(self.platform, folder)
        self.folder = folder
        self.caught: list[object] = []

    def later(self, seconds: float, name: str, content: object) -> None:
        def act() -> None:
            self.platform.sleep(seconds)
            (self.folder / name).write_text(json.dumps(content))

        self.platform.spawn(act, name="front")

    def run(self, command: Command, *, signals: tuple[int, ...] = ()) -> Exit | None:
        """Start *command* and wait for its end."""
        over: list[Exit | None] = []

        def work() -> None:
            wake = self.platform.flag()
            try:
                child = self.launching.start(command, wake=wake)
                for number in signals:
                    child.signal_group(number)
                wake.wait(1000.0)
                over.append(child.exit())
            except OSError as error:
                self.caught.append(error.errno)
                over.append(None)

        self.platform.spawn(work, name="work")
        self.platform.clock.run(lambda: bool(over))
        return over[0]


@pytest.fixture
def front(tmp_path: Path) -> Front:
    return Front(tmp_path)


def command(tmp_path: Path) -> Command:
    return Command(("payload", "-n", "1"), cwd=tmp_path, env={"A": "b"}, stdout=tmp_path / "out")


def test_a_request_says_what_to_start_and_where(front: Front, tmp_path: Path) -> None:
    front.later(3.0, "1.pid", {"pid": 77})
    front.later(60.0, "1.end", {"code": 5, "signal": 0})
    assert Exit(5) == front.run(command(tmp_path))
    assert {
        "argv": ["payload", "-n", "1"],
        "cwd": str(tmp_path),
        "env": {"A": "b"},
        "stdout": str(tmp_path / "out"),
        "stderr": "",
    } == json.loads((tmp_path / "1.run").read_text())


def test_a_process_ended_by_a_signal_says_so(front: Front, tmp_path: Path) -> None:
    front.later(3.0, "1.pid", {"pid": 77})
    front.later(60.0, "1.end", {"code": 0, "signal": 9})
    assert Exit(0, 9) == front.run(command(tmp_path), signals=(15, 9))
    told = [json.loads((tmp_path / f"1.signal.{number}").read_text()) for number in (1, 2)]
    assert [{"signal": 15}, {"signal": 9}] == told


def test_what_cannot_be_started_raises_its_error(front: Front, tmp_path: Path) -> None:
    front.later(3.0, "1.pid", {"error": 2})
    assert (None, [2]) == (front.run(command(tmp_path)), front.caught)


def test_a_launcher_that_is_not_there_is_given_up(front: Front, tmp_path: Path) -> None:
    assert (None, [11]) == (front.run(command(tmp_path)), front.caught)
    assert front.platform.clock.now < 600.0


def test_all_but_starting_is_the_platforms(front: Front) -> None:
    assert isinstance(front.launching.flag(), ScriptedFlag)
    assert (front.platform.now(), front.platform.cores()) == (
        front.launching.now(),
        front.launching.cores(),
    )
    assert "GUID-1" == front.launching.new_guid()
