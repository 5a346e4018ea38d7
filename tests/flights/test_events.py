"""Event ranges over whole flights: each is done once, and none of what was made is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.record import Flight
from tests.flights.conftest import Fly
from tests.flights.mutants import plant

RANGES = {f"1-{number}" for number in range(1, 17)}


def ends(flight: Flight, state: str = "finished") -> dict[str, object]:
    """Return the ranges that ended in *state*, as file and number, with the pilot of each."""
    return {
        "-".join(str(event["range"]).split("-")[2:4]): event["pilot"]
        for event in flight.of("event.range_done")
        if event["state"] == state
    }


def test_two_jobs_share_the_ranges(flights: Fly) -> None:
    verdict, flight = flights("event-service::healthy")
    assert ("pass", RANGES) == (verdict.state, set(ends(flight)))
    assert {"pilot-1", "pilot-2"} == set(ends(flight).values())


def test_what_a_dead_pilot_has_left_is_done_by_another(flights: Fly) -> None:
    verdict, flight = flights("event-service::killed")
    done = ends(flight)
    assert ("pass", RANGES) == (verdict.state, set(done))
    kept = [name for name, pilot in done.items() if pilot == "pilot-1"]
    assert 0 < len(kept) < len(RANGES)


def test_a_file_that_cannot_be_stored_costs_its_ranges_only(flights: Fly) -> None:
    verdict, flight = flights("event-service::storage-fails")
    failed, done = ends(flight, "failed"), ends(flight)
    assert ("pass", 16) == (verdict.state, len(failed) + len(done))
    assert 0 < len(failed) < 4


@pytest.mark.slow
def test_a_pilot_that_does_not_look_ahead_is_too_late(flights: Fly, tmp_path: Path) -> None:
    copies_first = {"work.py": ("self._job.events and self._job.prefetch", "False")}
    verdict, _ = flights("event-streaming", plant(tmp_path / "mutant", copies_first))
    assert "fail" == verdict.state
    assert "2 h" in str(verdict.unmet)
