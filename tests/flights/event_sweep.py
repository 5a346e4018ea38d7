"""The n-th thing goes wrong in a job of the event service, for each n.

    python -m tests.flights.event_sweep [kills] [requests] [tools]

Two jobs share six ranges; the pilot of the second comes to the node of the first when that one
should have been gone, and does what is left. Whatever happens to the first, no range is finished
without its file, and none that it has reported is done again.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Iterable
from typing import Sequence

from harness.flight import journey
from harness.pilots import Installed
from harness.pilots import install
from harness.pilots import parse_choice
from harness.record import Flight
from harness.scenario import Events
from harness.scenario import Expectation
from harness.scenario import FaultPlan
from harness.scenario import File
from harness.scenario import Pilot
from harness.scenario import Scenario
from harness.verdict import judge
from simkernel import Event
from tests.flights.conftest import scenario_named
from tests.flights.sweep import NEVER
from tests.flights.sweep import SWEEPS
from tests.flights.sweep import Landed
from tests.flights.sweep import kill_at

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


def fly(installed: Installed, plan: FaultPlan) -> Landed:
    """Fly once with *plan*."""
    scenario = replace(event_jobs(), faults=(plan,))
    with tempfile.TemporaryDirectory() as folder:
        flown = journey(
            scenario, installed, "core", seed=1, folder=Path(folder), python=sys.executable
        )
    verdict = judge(Flight(flown.header, flown.events), scenario, family="core")
    return Landed(plan, verdict, flown.events)


def healthy(installed: Installed) -> Landed:
    """Return the flight in which nothing happens."""
    return fly(installed, kill_at(NEVER))


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


def main(plans: Sequence[str]) -> int:
    """Fly the whole sweep; print what it found."""
    installed = install(parse_choice("core"))
    calm, wrong = healthy(installed), 0
    for name in plans:
        sweep = SWEEPS[name](calm)
        ends: Counter[str] = Counter()
        for number, plan in enumerate(sweep, 1):
            landed = fly(installed, plan)
            ends.update(landed.verdict.jobs.values())
            wrong += bool(trouble(landed))
            for each in trouble(landed):
                print(f"{landed.words}: {each}", flush=True)
            print(f"\r{name}: {number} of {len(sweep)}", end="", file=sys.stderr)
        told = ", ".join(f"{count} {state}" for state, count in sorted(ends.items()))
        print(f"\r{name}: {len(sweep)} flights, jobs: {told}", flush=True)
    print(f"{wrong} with something wrong" if wrong else "nothing was violated, nothing done twice")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:] or list(SWEEPS)))
