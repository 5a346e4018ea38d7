"""The n-th thing goes wrong, for each n: server requests, tool calls, and the pilot itself.

    python -m tests.flights.sweep          # the whole sweep, with its figures

Each flight is one job and two pilots on one node, the second an hour after the first should have
been gone: it is what recovery is for. The n-th is counted in a flight in which nothing happens.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from dataclasses import replace
from pathlib import Path
from typing import Any
from typing import Callable
from typing import Iterable
from typing import Iterator
from typing import Mapping
from typing import Sequence

from harness.flight import journey
from harness.pilots import Installed
from harness.pilots import install
from harness.pilots import parse_choice
from harness.record import Flight
from harness.scenario import Expectation
from harness.scenario import FaultPlan
from harness.scenario import File
from harness.scenario import Pilot
from harness.scenario import Scenario
from harness.triggers import Trigger
from harness.verdict import Verdict
from harness.verdict import judge
from simkernel import Event
from tests.flights.conftest import scenario_named

MakeScenario = Callable[[], Scenario]
NEVER = 1_000_000
FIRST = "pilot-1"
SERVER_FAULTS: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("http_status", {"status": 503}),
    ("answer_lost", {}),
    ("request_lost", {}),
    ("hang", {}),
)
TOOL_FAULTS: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("exit", {"code": 1, "stderr": "connection reset\n"}),
    ("hang", {}),
)


@dataclass(frozen=True)
class Landed:
    """What came of one flight of the sweep."""

    plan: FaultPlan
    verdict: Verdict
    events: tuple[Event, ...]

    @property
    def words(self) -> str:
        """What was done in this flight, and how the job ended."""
        return f"{self.plan.do} on {self.plan.on} at {self.plan.at} -> {dict(self.verdict.jobs)}"


def short_job() -> Scenario:
    """Return first-job with small files and half an hour's payload; a pilot comes later."""
    scenario = scenario_named("first-job")
    (job,) = scenario.jobs
    outputs = (File(5_000_000), File(7_000_000))
    small = replace(
        job,
        inputs=(File(20_000_000), File(20_000_000)),
        payload=replace(job.payload, walltime_s=1700.0, outputs=outputs),
    )
    pilots = (Pilot(node="wn001"), Pilot(node="wn001", after_s=5400.0))
    return replace(scenario, jobs=(small,), pilots=pilots, expect=Expectation(), families={})


def fly(installed: Installed, plan: FaultPlan, *, over: MakeScenario = short_job) -> Landed:
    """Fly once with *plan*."""
    scenario = replace(over(), faults=(plan,))
    with tempfile.TemporaryDirectory() as folder:
        flown = journey(
            scenario, installed, "core", seed=1, folder=Path(folder), python=sys.executable
        )
    verdict = judge(Flight(flown.header, flown.events), scenario, family="core")
    return Landed(plan, verdict, flown.events)


def kill_at(event: int) -> FaultPlan:
    """Return the plan that kills the first pilot, without notice, when *event* is written."""
    return FaultPlan("batch.kill", "kill", Trigger(event=event), {"pilot": FIRST})


def healthy(installed: Installed, *, over: MakeScenario = short_job) -> Landed:
    """Return the flight in which nothing happens, numbered as those in which something does."""
    return fly(installed, kill_at(NEVER), over=over)


def kills(calm: Landed) -> list[FaultPlan]:
    """Return a plan for each event of the first pilot's life."""
    return [kill_at(event.n) for event in lived(calm)]


def requests(calm: Landed) -> list[FaultPlan]:
    """Return plans that fail each request of the first pilot to the server, in each way."""
    asked = [str(event["endpoint"]) for event in lived(calm) if event.what == "http.request"]
    return [
        FaultPlan(f"server.{endpoint}", do, Trigger(call=call), dict(options))
        for endpoint, call in numbered(asked)
        for do, options in SERVER_FAULTS
    ]


def tools(calm: Landed) -> list[FaultPlan]:
    """Return plans that fail each tool that the first pilot runs, in each way."""
    ran = [str(event["argv"][0]) for event in lived(calm) if event.what == "tool.run"]
    return [
        FaultPlan(f"tool.{tool}", do, Trigger(call=call), dict(options))
        for tool, call in numbered(ran)
        for do, options in TOOL_FAULTS
    ]


def lived(calm: Landed) -> tuple[Event, ...]:
    """Return the events from the first pilot's start to its exit."""
    ends = [each.n for each in calm.events if each.what in ("pilot.start", "pilot.exit")]
    return calm.events[ends[0] : ends[1]]


def numbered(names: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Yield each name with its number among its likes."""
    seen: Counter[str] = Counter()
    for name in names:
        seen[name] += 1
        yield name, seen[name]


def lost(landed: Landed) -> str:
    """Return what was made and is lost after all, in words; nothing if nothing is."""
    made = [event.t for event in landed.events if event.what == "payload.end"]
    struck = [event.t for event in landed.events if event.what == "fault.fired"]
    if not made or (struck and struck[0] <= made[0]):
        return ""
    kept = {str(event["lfn"]) for event in landed.events if event.what == "file.registered"}
    return "" if len(kept) == 3 else f"of three files {len(kept)} are registered: {sorted(kept)}"


def trouble(landed: Landed) -> list[str]:
    """Return what is wrong with a flight: violations, what could not be judged, what is lost."""
    verdict = landed.verdict
    found = [f"{each.checker}: {each.text}" for each in verdict.findings]
    return [*found, *verdict.notes, *filter(None, [lost(landed)])]


SWEEPS = {"kills": kills, "requests": requests, "tools": tools}


def main(
    plans: Sequence[str],
    *,
    over: MakeScenario = short_job,
    wrong_in: Callable[[Landed], list[str]] = trouble,
    well: str = "nothing was violated, nothing was lost",
) -> int:
    """Fly the whole sweep; print what *wrong_in* finds, or that all went *well*."""
    installed = install(parse_choice("core"))
    calm, wrong = healthy(installed, over=over), 0
    for name in plans:
        sweep = SWEEPS[name](calm)
        ends: Counter[str] = Counter()
        for number, plan in enumerate(sweep, 1):
            landed = fly(installed, plan, over=over)
            found = wrong_in(landed)
            ends.update(landed.verdict.jobs.values())
            wrong += bool(found)
            for each in found:
                print(f"{landed.words}: {each}", flush=True)
            print(f"\r{name}: {number} of {len(sweep)}", end="", file=sys.stderr)
        told = ", ".join(f"{count} {state}" for state, count in sorted(ends.items()))
        print(f"\r{name}: {len(sweep)} flights, jobs: {told}", flush=True)
    print(f"{wrong} with something wrong" if wrong else well)
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:] or list(SWEEPS)))
