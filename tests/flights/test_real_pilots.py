"""The real, unmodified pilot from PyPI flies. Nothing of it is part of this repository."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise

import pytest

from tests.flights.conftest import Fly

PILOT = "pypi:3.7.0.36"

pytestmark = [pytest.mark.real, pytest.mark.network]


SCENARIOS = [
    "first-job",
    "hanging-transfer",
    "voms-attributes-expired::from-the-start",
    "voms-attributes-expired::during-the-job",
]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_release_passes(scenario: str, flights: Fly) -> None:
    verdict, _ = flights(scenario, PILOT)
    assert ("pass", (), ()) == (verdict.state, verdict.unmet, verdict.notes)


def test_a_two_hour_job_sends_its_heartbeats_and_its_files(flights: Fly) -> None:
    _, flight = flights("first-job", PILOT)
    updates = [event.t for event in flight.of("job.update") if event["state"] == "running"]
    gaps = [later - earlier for earlier, later in pairwise(updates)]
    # Its job monitor first looks after stage-in; from then on every half hour, to the second.
    assert [1800] * 3 == [round(gap) for gap in gaps if gap > 100][1:]
    stored = {
        event["path"].rpartition("/")[2]: event["adler32"] for event in flight.of("storage.write")
    }
    registered = {event["lfn"]: event["adler32"] for event in flight.of("file.registered")}
    assert {"first-job.1.out1.root", "first-job.1.job.log.tgz"} == set(registered)
    assert registered == {lfn: stored[lfn] for lfn in registered}


def test_a_real_process_beside_the_flight_lives(flights: Fly) -> None:
    decoy = subprocess.Popen(
        [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, start_new_session=True
    )
    try:
        flights("shared-node", PILOT)
        assert decoy.poll() is None
    finally:
        decoy.communicate(b"\n")
