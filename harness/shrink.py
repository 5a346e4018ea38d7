"""Shrink the schedule of a failing flight to the choices that matter.

Delta debugging (Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002)
over the choices that were not first come, first served, and over the bytecodes preempted: what
goes away is chosen in turn again. A flight fails in the same way if the same checkers fire and the
same expectations are unmet; when things happen may differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Callable
from typing import Mapping
from typing import Sequence

from harness.flight import Flown
from harness.replay import recorded
from harness.replay import retry
from harness.schedules import FILE
from harness.schedules import Choices
from harness.schedules import write_choices
from harness.verdict import Verdict
from simkernel import ScenarioError

SHRUNK = f"shrunk-{FILE}"
FLIGHTS_MAX = 200

Script = Mapping[str, Choices]
# One thing that a script does: the pilot, 0 for a choice or 1 for a preemption, and which.
Deed = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Shrunk:
    """What is left of *before* switches after so many *flights*, in words.

    *kept* is where the script lies.
    """

    before: int
    left: tuple[str, ...]
    flights: int
    kept: Path


def shrink(run: Path, *, told: Callable[[str], None] = lambda _: None) -> Shrunk:
    """Shrink the schedule of the run directory *run*. Raises ScenarioError if it did not fail."""
    flight = recorded(run)
    script = flight.choices
    wanted = failure(retry(flight, script)[0])
    if not script or not any(wanted):
        what = "did not fail" if script else "was flown first come, first served"
        raise ScenarioError(f"the flight {what}", where=str(run), remedy="shrink one that failed")
    count = 0

    def fails(deeds: Sequence[Deed]) -> bool:
        nonlocal count
        count += 1
        told(f"flight {count}: {len(deeds)} switches")
        return failure(retry(flight, only(script, deeds))[0]) == wanted

    before = deeds_of(script)
    left = smallest(before, fails, may=lambda: count < FLIGHTS_MAX)
    kept = run / SHRUNK
    smaller = only(script, left)
    write_choices(kept, flight.manner.schedule, smaller)
    return Shrunk(len(before), _words(retry(flight, smaller, told=True)[1], left), count, kept)


def _words(flown: Flown, left: Sequence[Deed]) -> tuple[str, ...]:
    switches = [f"{name}, {each}" for name, told in flown.seen.switches.items() for each in told]
    preempted = [f"{name}, preempted at bytecode {number}" for name, kind, number in left if kind]
    return (*switches, *preempted)


def failure(verdict: Verdict) -> tuple[frozenset[str], frozenset[str]]:
    """Return what makes *verdict* a failure: the checkers that fired, what is unmet."""
    fired = {each.checker for each in verdict.findings if not each.expected}
    return frozenset(fired), frozenset(each.partition(":")[0] for each in verdict.unmet)


def deeds_of(script: Script) -> list[Deed]:
    """Return everything in *script* that is not first come, first served."""
    deeds: list[Deed] = []
    for name, choices in sorted(script.items()):
        deeds += [(name, 0, number) for number in choices.switches]
        deeds += [(name, 1, number) for number in choices.preempted]
    return deeds


def only(script: Script, deeds: Sequence[Deed]) -> dict[str, Choices]:
    """Return *script* with nothing but these *deeds* in it."""
    return {name: _only(choices, name, set(deeds)) for name, choices in script.items()}


def _only(choices: Choices, name: str, deeds: set[Deed]) -> Choices:
    taken = list(choices.taken)
    for number in choices.switches:
        if (name, 0, number) not in deeds:
            taken[2 * number] = 0
    return Choices(taken, [each for each in choices.preempted if (name, 1, each) in deeds])


def smallest(
    deeds: Sequence[Deed],
    fails: Callable[[Sequence[Deed]], bool],
    *,
    may: Callable[[], bool] = lambda: True,
) -> list[Deed]:
    """Return deeds of which none can be left out (ddmin), as far as it *may* go on trying."""
    left, parts = list(deeds), 2
    if fails([]):
        return []
    while len(left) > 1 and may():
        size = -(-len(left) // parts)
        pieces = [left[at : at + size] for at in range(0, len(left), size)]
        rests = [[each for each in left if each not in set(piece)] for piece in pieces]
        found = next((each for each in (*pieces, *rests) if may() and fails(each)), None)
        if found is not None:
            parts = 2 if found in pieces else max(parts - 1, 2)
            left = found
        elif parts >= len(left):
            break
        else:
            parts = min(2 * parts, len(left))
    return left
