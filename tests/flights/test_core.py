"""The reference pilot flies every scenario that comes with flightsim."""

from __future__ import annotations

from itertools import pairwise

import pytest

from harness.discover import discover
from harness.known import vocabulary
from harness.scenario import Scenario
from tests.flights.conftest import Fly

SCENARIOS = discover(vocabulary=vocabulary())


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.slug)
def test_the_core_passes(scenario: Scenario, flights: Fly) -> None:
    verdict, _ = flights(scenario, seed=scenario.seed)
    assert ("pass", (), ()) == (verdict.state, verdict.unmet, verdict.notes)


def test_first_job_is_whole_on_the_servers_side(flights: Fly) -> None:
    _, flight = flights("first-job")
    updates = [event.t for event in flight.of("job.update") if event["state"] == "running"]
    gaps = [later - earlier for earlier, later in pairwise(updates)]
    assert [1800] * 4 == [round(gap) for gap in gaps if gap > 100]
    stored = {
        event["path"].rpartition("/")[2]: (event["bytes"], event["adler32"])
        for event in flight.of("storage.write")
    }
    registered = {
        event["lfn"]: (event["bytes"], event["adler32"]) for event in flight.of("file.registered")
    }
    assert {"first-job.1.out1.root", "first-job.1.job.log.tgz"} == set(registered)
    assert registered == {lfn: stored[lfn] for lfn in registered}
