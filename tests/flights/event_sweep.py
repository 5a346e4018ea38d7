"""The n-th thing goes wrong in a job of the event service, for each n.

    python -m tests.flights.event_sweep [kills] [requests] [tools]

Two jobs share six ranges; the pilot of the second comes to the node of the first when that one
should have been gone, and does what is left. Whatever happens to the first, no range is finished
without its file, and none that it has reported is done again.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import replace
from functools import partial
from typing import Iterable

from harness.scenario import Events
from harness.scenario import Expectation
from harness.scenario import File
from harness.scenario import Pilot
from harness.scenario import Scenario
from simkernel import Event
from tests.flights import sweep
from tests.flights.conftest import scenario_named
from tests.flights.sweep import Landed

RANGES = 6
LATER_S = 5 * 3600.0
"""When the second pilot comes: the server takes a job for lost three hours after its last word."""


def event_jobs() -> Scenario:
    """Return two jobs of the event service and the two pilots that fly them."""
    scenario = scenario_named("event-service::healthy")
    (job,) = scenario.jobs
    events = Events(ranges=RANGES, each_s=300.0, size_bytes=100_000)
    pilots = (Pilot(node="wn001"), Pilot(node="wn001", after_s=LATER_S))
    small = replace(job, inputs=(File(20_000_000),), events=events)
    return replace(scenario, jobs=(small,), pilots=pilots, expect=Expectation(), families={})


fly = partial(sweep.fly, over=event_jobs)
healthy = partial(sweep.healthy, over=event_jobs)


def finished(events: Iterable[Event]) -> Counter[str]:
    """Return how often each range was finished, by file and number."""
    done = (e for e in events if e.what == "event.range_done" and e["state"] == "finished")
    return Counter("-".join(str(event["range"]).split("-")[2:4]) for event in done)


def trouble(landed: Landed) -> list[str]:
    """Return what is wrong with a flight: violations, and ranges that were finished twice."""
    verdict, done = landed.verdict, finished(landed.events)
    found = [f"{each.checker}: {each.text}" for each in verdict.findings]
    twice = (name for name, times in done.items() if times > 1)
    found += [f"range {name} was finished {done[name]} times" for name in twice]
    return [*found, *verdict.notes]


if __name__ == "__main__":
    words = sys.argv[1:] or list(sweep.SWEEPS)
    well = "nothing was violated, nothing done twice"
    raise SystemExit(sweep.main(words, over=event_jobs, wrong_in=trouble, well=well))
