"""Pilots that Harvester starts: who asks whom for what, and who tells."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.record import Flight
from tests.flights.conftest import Fly
from tests.flights.mutants import plant

ASKS_ONLY = {
    "run/harvester.py": (
        "        record = self._taken()\n        if record is None and not self._push:\n",
        "        record = None\n        if True:\n",
    )
}
FORKS = {
    "run/hpc.py": (
        "            platform = LauncherPlatform(platform, platform.path(launcher))\n",
        "            pass\n",
    )
}


def asked(flight: Flight, endpoint: str) -> int:
    """Return how often an endpoint was called, by whomever."""
    return sum(event["endpoint"] == endpoint for event in flight.of("http.request"))


def test_two_jobs_of_one_file_are_flown_without_asking(flights: Fly) -> None:
    verdict, flight = flights("harvester::push")
    (fed,) = flight.of("harvester.fed")
    assert ("pass", 2, 1) == (verdict.state, len(fed["jobs"]), asked(flight, "acquire_jobs"))


def test_a_job_that_is_asked_for_by_a_file_comes(flights: Fly) -> None:
    verdict, flight = flights("harvester::push-next")
    fed = flight.of("harvester.fed")
    assert ("pass", [1, 1]) == (verdict.state, [len(event["jobs"]) for event in fed])


def test_a_pilot_that_may_not_speak_has_all_said_for_it(flights: Fly) -> None:
    verdict, flight = flights("harvester::files")
    assert "pass" == verdict.state
    workers = [
        e["fields"]["workers"] for e in flight.of("http.request") if "workers" in e["fields"]
    ]
    assert ["submitted", "running", "finished"] == [text.split('"')[5] for text in workers]
    assert 4 == len(flight.of("file.registered"))


def test_harvester_kills_the_worker_of_a_job_that_shall_die(flights: Fly) -> None:
    verdict, flight = flights("harvester::kill")
    (kill,) = flight.of("harvester.kill")
    assert ("pass", "the server wants its job dead") == (verdict.state, kill["why"])


def test_nothing_of_an_allocation_leaves_the_node_but_by_the_edge(flights: Fly) -> None:
    verdict, flight = flights("hpc::jobs")
    assert "pass" == verdict.state
    runs = [event.who for event in flight.of("tool.run") if event["argv"][0] == "xrdcp"]
    assert {"edge-wn001"} == set(runs)
    assert 8 == len(flight.of("file.registered"))


def test_ranges_of_an_allocation_are_reported_when_their_files_are_stored(flights: Fly) -> None:
    verdict, flight = flights("hpc::events")
    said = flight.of("event.range_said")
    assert ("pass", 6, {"finished"}) == (verdict.state, len(said), {e["state"] for e in said})


@pytest.mark.slow
def test_a_pilot_that_looks_for_no_files_gets_no_job(flights: Fly, tmp_path: Path) -> None:
    verdict, _ = flights("harvester::push", plant(tmp_path / "mutant", ASKS_ONLY))
    assert ("fail", True) == (verdict.state, bool(verdict.unmet))


@pytest.mark.slow
def test_a_pilot_that_forks_gets_nothing_done_in_an_allocation(
    flights: Fly, tmp_path: Path
) -> None:
    verdict, flight = flights("hpc::jobs", plant(tmp_path / "mutant", FORKS))
    assert {"failed"} == set(verdict.jobs.values())
    assert not flight.of("payload.start")
