"""The debugger at a virtual time: an ordinary pdb on a terminal, and a flight that goes on."""

from __future__ import annotations

import os
import pty
import re
import select
import sys
from pathlib import Path
from typing import Iterator

import pytest

import pilotcore
from harness.cli import main
from harness.flight import fly
from harness.interpreters import look
from harness.pilots import parse_choice
from tests.flights.conftest import scenario_named

PROMPT = b"(Pdb) "
PATIENCE_S = 60.0
INBOX = "what, number = inbox.get()"
PYTHONS = [each.found.path for each in look() if each.found]
ESCAPES = re.compile(rb"\x1b\[[?0-9;]*[a-zA-Z]")


class Terminal:
    """A person at a terminal, on which ``flightsim replay`` runs."""

    def __init__(self, run: Path, until: str) -> None:
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ["TERM"] = "dumb"
            words = [sys.executable, "-m", "harness.cli", "replay", str(run)]
            os.execv(sys.executable, [*words, "--until", until, "--pdb"])

    def read(self, until: bytes = PROMPT) -> str:
        """Return what is on the terminal up to *until*, or to the end."""
        seen = b""
        while until not in seen and select.select([self.fd], [], [], PATIENCE_S)[0]:
            try:
                more = os.read(self.fd, 1 << 16)
            except OSError:  # the other end is closed
                break
            if not more:
                break
            seen += ESCAPES.sub(b"", more)
        return seen.decode().replace("\r\n", "\n")

    def type(self, line: str, *, until: bytes = PROMPT) -> str:
        """Type *line* and return what comes of it."""
        os.write(self.fd, line.encode() + b"\n")
        return self.read(until).partition("\n")[2]

    def code(self) -> int:
        """Return the exit code."""
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def line_of(name: str, text: str) -> int:
    """Return the number of the first line of the core's file *name* that holds *text*."""
    source = Path(pilotcore.__file__).with_name(name)
    lines = enumerate(source.read_text().splitlines(), start=1)
    return next(number for number, line in lines if text in line)


@pytest.fixture(params=PYTHONS)
def run(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """Give a flight of the core by each interpreter, to be flown again."""
    verdict = fly(
        scenario_named("first-job"),
        parse_choice("core"),
        seed=7,
        runs=tmp_path,
        python=request.param,
    )
    yield Path(verdict.run_dir)


def test_the_pilot_is_debugged_while_time_stands_still(run: Path) -> None:
    terminal = Terminal(run, "31m")
    assert "stopped at 1860.000000 s, in MainThread" in terminal.read()
    threads = terminal.type("p threading.enumerate()")
    assert "<_MainThread(MainThread, started 1000)>" in threads
    assert "<Thread(heartbeat, started daemon 10" in threads
    stack = terminal.type("w")
    waits = line_of("__main__.py", INBOX)
    assert f"/srv/pilot/pilotcore/__main__.py({waits})main()\n-> {INBOX}" in stack
    assert "guest" not in stack
    assert "1860.0" in terminal.type("p __import__('time').monotonic()")
    assert "1860.0" in terminal.type("p __import__('time').monotonic()")
    assert "   heartbeat waits in Event.wait at pilot/pilotcore/live.py" in terminal.type("threads")
    assert "byte for byte" in terminal.type("c", until=b"byte for byte")
    assert 0 == terminal.code()


def test_a_breakpoint_stops_another_thread_later_and_its_lines_can_be_stepped(run: Path) -> None:
    terminal = Terminal(run, "31m")
    terminal.read()
    line = line_of("heartbeat.py", "            if self._over:")
    assert "Breakpoint 1 at" in terminal.type(f"b /srv/pilot/pilotcore/heartbeat.py:{line}")
    assert f"heartbeat.py({line})_live()" in terminal.type("c")
    assert "heartbeat" in terminal.type("p threading.current_thread().name")
    assert f"heartbeat.py({line + 2})_live()" in terminal.type("n")
    terminal.type("cl 1")
    assert "byte for byte" in terminal.type("c", until=b"byte for byte")
    assert 0 == terminal.code()


def test_quitting_ends_the_flight_there(run: Path) -> None:
    terminal = Terminal(run, "31m")
    terminal.read()
    assert "__main__.py" not in terminal.type("thread heartbeat")
    assert "stopped: by the debugger at 0:31:00" in terminal.type("q", until=b"0:31:00")
    assert 0 == terminal.code()


def test_without_a_debugger_the_stacks_are_shown_and_what_happened_last(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    verdict = fly(scenario_named("first-job"), parse_choice("core"), seed=7, runs=tmp_path)
    assert 0 == main(["replay", verdict.run_dir, "--until", "1860"])
    said = capsys.readouterr().out
    assert said.startswith("pilot-1 at 31m00s: asked\n  MainThread (strand 1000) waits in ")
    waits = line_of("__main__.py", INBOX)
    assert f"    pilot/pilotcore/__main__.py:{waits} in main: {INBOX}" in said
    assert "\nwhat happened last\n" in said
    last = said.splitlines()[-1].split()
    assert ("30m02s", "wn001", "tool.run") == tuple(last[:3])


@pytest.mark.parametrize("words", [["--pdb"], ["--until", "soon"], ["--until", "-5"]])
def test_the_command_line_says_what_is_missing(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert 3 == main(["replay", "runs/latest", *words])
    assert "--until" in capsys.readouterr().err
