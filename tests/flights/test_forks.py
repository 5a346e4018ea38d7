"""Pilots that fork: copies are guests of the same node, limited, swept, the same in each run."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness import families
from harness import guests
from harness.record import Flight
from tests.flights.conftest import Fly

HEAD = "import os, sys, time\nif '--help' in sys.argv: sys.exit()\n"
# The pilot leaves a daemon behind, as a batch system meets it.
DAEMON = """
if os.fork():
    time.sleep(5)
    os._exit(0)
os.setsid()
if os.fork(): os._exit(0)
while True: time.sleep(1)
"""
BOMB = """
made = 0
while True:
    try: pid = os.fork()
    except BlockingIOError as error:
        print(error.errno, made, flush=True)
        os._exit(0)
    if pid == 0:
        while True: time.sleep(100)
    made += 1
"""
TALK = """
import subprocess, uuid
reader, writer = os.pipe()
for number in range(3):
    if os.fork() == 0:
        time.sleep(number)
        subprocess.run(["/bin/bash", "-c", "ps -o pid,ppid,args | sort"])
        os.write(writer, f"{os.getpid()} {uuid.uuid4()}\\n".encode())
        os._exit(number)
os.close(writer)
with open(reader) as answers: print(answers.read())
print([os.wait() for _ in range(3)], flush=True)
"""
# Another process of the same user reads and writes what is open, and has the same walls.
HOSTILE = """
if os.fork() == 0:
    try: os.kill(1, 9)
    except OSError as error: print(error.errno, flush=True)
    os._exit(0)
os.wait()
"""


# A copy that never says a word again.
ENDLESS = """
if os.fork() == 0:
    while True: pass
time.sleep(1)
os.wait()
"""


def fly(flights: Fly, folder: Path, text: str) -> tuple[Flight, str]:
    pilot = folder / "forking"
    pilot.mkdir(exist_ok=True)
    (pilot / "pilot.py").write_text(HEAD + text)
    verdict, flight = flights("first-job", pilot)
    return flight, (Path(verdict.run_dir) / "pilot-1.out").read_text()


def test_what_a_pilot_leaves_behind_is_seen_and_swept(flights: Fly, tmp_path: Path) -> None:
    flight, _ = fly(flights, tmp_path, DAEMON)
    (left,) = flight.of("node.left")
    ends = {event["pid"]: event["signal"] for event in flight.of("process.exit")}
    (pilot,) = flight.of("pilot.exit")
    assert (35.0, 0) == (pilot.t, pilot["code"])
    assert 9 == ends[left["pid"]]


def test_a_fork_bomb_meets_the_limit_and_is_noted_once(
    flights: Fly, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(families, "ALIVE_MAX", 6)
    flight, output = fly(flights, tmp_path, BOMB)
    assert "11 6" == output.strip()
    assert ["process-limit"] == [event["kind"] for event in flight.of("guest.note")]
    assert 6 == len(flight.of("node.left"))


def test_copies_that_come_and_go_are_limited_too(
    flights: Fly, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(families, "MADE_MAX", 3)
    bomb = BOMB.replace("while True: time.sleep(100)", "os._exit(0)")
    assert "11 3" == fly(flights, tmp_path, bomb)[1].strip()


def test_copies_fly_the_same_each_time(flights: Fly, tmp_path: Path) -> None:
    first, second = (fly(flights, tmp_path, TALK) for _ in range(2))
    assert first[1] == second[1]
    lines = first[1].splitlines()
    assert 3 == len({line.split()[1] for line in lines if line.count("-") == 4})
    assert "[(4002, 0), (4003, 256), (4004, 512)]" == lines[-1]


def test_a_copy_is_behind_the_same_walls(flights: Fly, tmp_path: Path) -> None:
    flight, output = fly(flights, tmp_path, HOSTILE)
    assert "1" == output.strip()
    assert ["signal"] == [event["kind"] for event in flight.of("guest.escape")]


def test_a_copy_that_loops_for_ever_is_found_with_its_place(
    flights: Fly, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guests, "PATIENCE_S", 8.0)
    flight, _ = fly(flights, tmp_path, ENDLESS)
    (event,) = flight.of("guest.stuck")
    assert "pilot-1/4002" == event.who
    assert str(event["why"]).startswith("busy: has computed for 8 s")
    assert str(event["why"]).endswith("pilot/pilot.py:5")
