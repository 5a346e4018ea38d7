"""One drawn scenario, flown and judged."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Collection
from typing import Mapping
from typing import Protocol

from harness.flight import journey
from harness.pilots import Installed
from harness.record import Flight
from harness.scenario import Expectation
from harness.scenario import Scenario
from harness.verdict import Verdict
from harness.verdict import judge

EXPECT = "expect"
SEED = 1
MEASURES = ("silence", "requests", "length")
NUMBER = re.compile(r"\d+(?:[.:]\d+)*")


class Drawn(Protocol):
    """What hypothesis draws: a scenario, and what must hold in it."""

    @property
    def scenario(self) -> Scenario: ...

    def expectation(self, fired: Collection[str], /) -> Expectation: ...


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with a flight: *who* says so (a checker, ``expect``, or a state), and what."""

    who: str
    text: str

    def __str__(self) -> str:
        return f"{self.who}: {self.text}"

    @property
    def kind(self) -> str:
        """What this complaint has in common with others of its kind: all but the numbers."""
        return f"{self.who}: {NUMBER.sub('#', self.text)}"


@dataclass(frozen=True, slots=True)
class Trial:
    """A flight that was judged: the *scenario* has by now what must hold in it.

    *measures* are numbers that a hunt may drive up: see ``measures_of``.
    """

    scenario: Scenario
    complaints: tuple[Complaint, ...]
    measures: Mapping[str, float]
    jobs: Mapping[str, str]

    @property
    def who(self) -> frozenset[str]:
        """Who complains."""
        return frozenset(each.who for each in self.complaints)


def try_once(drawn: Drawn, installed: Installed, label: str, *, python: str) -> Trial:
    """Fly *drawn* once, in a folder of its own that does not stay, and judge it."""
    with tempfile.TemporaryDirectory(prefix="flightsim-hunt-") as folder:
        flown = journey(
            drawn.scenario, installed, label, seed=SEED, folder=Path(folder), python=python
        )
    flight = Flight(flown.header, flown.events)
    fired = {str(event["fault"]) for event in flight.of("fault.fired")}
    # What never struck did nothing, and would only make whoever flies it again doubt.
    struck = [f for n, f in enumerate(drawn.scenario.faults, 1) if f"{n}/{f.do}" in fired]
    claimed = replace(
        drawn.scenario, expect=drawn.expectation(fired), faults=tuple(struck), seed=SEED
    )
    verdict = judge(flight, claimed, family=installed.family)
    complaints = complaints_of(verdict)
    about = str(complaints[0]) if complaints else claimed.about
    return Trial(replace(claimed, about=about), complaints, measures_of(flight), verdict.jobs)


def complaints_of(verdict: Verdict) -> tuple[Complaint, ...]:
    """Return everything that keeps *verdict* from being a pass."""
    found = [Complaint(each.checker, each.text) for each in verdict.findings if not each.expected]
    found += [Complaint(EXPECT, text) for text in verdict.unmet]
    if verdict.state in ("broken", "unknown"):
        found += [Complaint(verdict.state, text) for text in verdict.notes]
    return tuple(found)


def measures_of(flight: Flight) -> dict[str, float]:
    """Return what grows where a pilot is in trouble.

    *silence*: the longest time without an update of a job that is not over, in seconds.
    *requests*: how many the server got. *length*: the time to the last word about a job.
    """
    sent = [send.t for attempt in flight.attempts for send in attempt.sends]
    begun = [event.t for event in flight.of("job.dispatched")]
    moments = sorted([*sent, *begun])
    silences = [after - before for before, after in pairwise(moments)]
    return {
        "silence": max(silences, default=0.0),
        "requests": float(len(flight.of("http.request"))),
        "length": max(sent, default=0.0),
    }
