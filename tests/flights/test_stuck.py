"""A pilot that stands still, spins or is greedy fails; a runtime that does is broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness import guests
from harness.record import Flight
from harness.verdict import Verdict
from reports.stacks import stacks_of
from tests.flights.conftest import Fly
from tests.flights.mutants import plant

THERE = "        payload = Payload(\n"

PATIENCE_S = 10.0  # a pilot on a busy machine may need as long as that to come up

RING = """
        import threading, time
        first, second = threading.Lock(), threading.Lock()
        def take(mine, other):
            with mine:
                time.sleep(1)
                with other: pass
        threading.Thread(target=take, args=(first, second), name="left", daemon=True).start()
        take(second, first)
"""
ENDLESS = "\n        while True: pass\n"
SPIN = "\n        import time\n        while True: time.sleep(0)\n"
BLOCKED = """
        import fcntl
        one, other = open("lock", "w"), open("lock", "w")
        fcntl.flock(one, fcntl.LOCK_EX)
        fcntl.flock(other, fcntl.LOCK_EX)
"""
GREEDY = """
        import os, threading, time
        def take(): held = [open(os.devnull) for _ in range(5000)]
        {}
        time.sleep(60)
"""


def flown(flights: Fly, folder: Path, instead: str) -> tuple[Verdict, Flight]:
    """Fly a core that does *instead* before it runs its payload."""
    return flights("first-job", plant(folder / "mutant", {"work.py": (THERE, instead + THERE)}))


def stuck(flight: Flight) -> tuple[str, str]:
    """Return why the only pilot was stuck, and its stacks."""
    (event,) = flight.of("guest.stuck")
    return str(event["why"]), str(event["stacks"])


def test_a_ring_of_locks_is_found_though_the_rest_of_the_pilot_goes_on(
    flights: Fly, tmp_path: Path
) -> None:
    verdict, flight = flown(flights, tmp_path, RING)
    why, stacks = stuck(flight)
    assert why.startswith("deadlock: pilot waits for lock")
    assert "held by left, at pilot/pilotcore/work.py:" in why
    assert "heartbeat (strand" in stacks
    assert ("fail", ()) == (verdict.state, verdict.notes)
    assert any(why in each.text for each in verdict.findings)
    assert any("left (strand" in line for line in stacks_of(verdict.as_dict()))


def test_a_pilot_that_only_spins_fails_long_before_its_walltime(
    flights: Fly, tmp_path: Path
) -> None:
    verdict, flight = flown(flights, tmp_path, SPIN)
    why, _ = stuck(flight)
    assert why.startswith("busy: 10000 switches at one instant, 200 times in a row; pilot at")
    assert ("fail", "stuck") == (verdict.state, flight.end_reason)
    assert verdict.virtual_s < 1200


def test_a_pilot_that_computes_for_ever_fails(
    flights: Fly, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guests, "PATIENCE_S", 8.0)
    verdict, flight = flown(flights, tmp_path, ENDLESS)
    why, stacks = stuck(flight)
    assert why.startswith("busy: has computed for 8 s of real time without a word at pilot/")
    assert "while True: pass" in stacks
    assert "fail" == verdict.state


def test_a_call_that_is_not_simulated_and_blocks_is_broken(
    flights: Fly, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guests, "PATIENCE_S", 8.0)
    verdict, flight = flown(flights, tmp_path, BLOCKED)
    assert stuck(flight)[0].startswith("blocked: a call that is not simulated waits since 8 s")
    assert "broken" == verdict.state


def test_a_pilot_that_opens_too_many_files_fails(flights: Fly, tmp_path: Path) -> None:
    verdict, _ = flown(flights, tmp_path, GREEDY.format("take()"))
    assert "fail" == verdict.state
    assert any("Too many open files" in text for text in verdict.unmet)


def test_a_limit_that_ends_a_thread_of_the_pilot_ends_the_flight(
    flights: Fly, tmp_path: Path
) -> None:
    greedy = GREEDY.format("threading.Thread(target=take, name='greedy').start()")
    verdict, flight = flown(flights, tmp_path, greedy)
    why, stacks = stuck(flight)
    assert "limit: open files, of which a pilot gets 1024" == why
    assert "greedy (strand" in stacks
    assert ("fail", "stuck") == (verdict.state, flight.end_reason)
