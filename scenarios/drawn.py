"""A drawn scenario, and what must hold in it."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace
from typing import Collection
from typing import Iterable

from harness.scenario import Expectation
from harness.scenario import Scenario
from scenarios.troubles import HARMLESS
from scenarios.troubles import OPEN
from scenarios.troubles import Trouble

# Until the first job runs, and from its end to its last word.
BESIDE_S = 1200.0
# What a fault's point begins with -> the part of the world that is hit.
PARTS = {
    "batch": "batch",
    "credential": "credential",
    "door": "storage",
    "net": "server",
    "node": "node",
    "payload": "payload",
    "queuedata": "queue",
    "server": "server",
    "tool": "storage",
}
# What the pilot watches a payload with.
WATCHES = ("tool.ps", "tool.prmon")


def part_of(point: str) -> str:
    """Return the part of the world that a fault at *point* hits."""
    return "payload" if point in WATCHES else PARTS[point.partition(".")[0]]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A scenario and the troubles in it, in the order of its faults."""

    scenario: Scenario
    troubles: tuple[Trouble, ...] = ()

    def expectation(self, fired: Collection[str]) -> Expectation:
        """Return what must hold, given the faults that struck (as fault.fired names them).

        If several troubles are no harmless ones, or meet at the same place, nothing is claimed:
        who knows which comes first, or whether one hides the other.
        """
        claims = [self._claim(each, fired, begin) for each, begin in self._placed()]
        if self._crowded(fired):
            return OPEN
        serious = [claim for claim in claims if claim.states != HARMLESS.states]
        if len(serious) > 1 or OPEN in serious:
            return OPEN
        if serious:
            return self._of_one(serious[0])
        fields: dict[str, tuple[str, ...]] = {}
        for claim in claims if len(self.scenario.flown_jobs()) == 1 else ():
            fields |= claim.fields or {}
        return replace(HARMLESS, within_s=self._latest_s(), fields=fields or None)

    def _placed(self) -> Iterable[tuple[Trouble, int]]:
        begin = 1
        for trouble in self.troubles:
            yield trouble, begin
            begin += len(trouble.faults)

    def _claim(self, trouble: Trouble, fired: Collection[str], begin: int) -> Expectation:
        names = {f"{number}/{each.do}" for number, each in enumerate(trouble.faults, begin)}
        if names and not names & set(fired):
            return HARMLESS
        is_whole = names <= set(fired) or trouble.claim.states == HARMLESS.states
        return trouble.claim if is_whole else OPEN

    def _crowded(self, fired: Collection[str]) -> bool:
        """Tell whether faults of two troubles struck on the same way, or in the same part."""
        parts: list[str] = []
        for trouble, begin in self._placed():
            struck = [
                each for n, each in enumerate(trouble.faults, begin) if f"{n}/{each.do}" in fired
            ]
            parts += {part_of(each.on) for each in struck}
        return len(parts) > len(set(parts))

    def _of_one(self, claim: Expectation) -> Expectation:
        """Return *claim* if all jobs share one fate; else what holds if one of them was hit."""
        if len(self.scenario.flown_jobs()) == 1:
            return claim
        (one_job,) = {each.one_job for each in self.troubles if each.claim == claim}
        if not one_job or claim.states is None:
            return OPEN
        states = ("finished", "closed", *claim.states)
        counts = dict.fromkeys(claim.states, 1)
        return replace(claim, states=states, counts=counts, fields=None)

    def _latest_s(self) -> float | None:
        """Return when all jobs must be over, if nothing but harmless things happen."""
        if len(self.scenario.pilots) > 1:
            return None
        work = sum(job.payload.walltime_s for _, job in self.scenario.flown_jobs())
        return work + BESIDE_S + sum(each.cost_s for each in self.troubles)
