"""One block of a hunt: so many examples of one seed, up to the first violation, which is shrunk."""

from __future__ import annotations

import warnings
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import field
from typing import Any
from typing import Callable

from hypothesis import HealthCheck
from hypothesis import Phase
from hypothesis import Verbosity
from hypothesis import given
from hypothesis import seed
from hypothesis import settings
from hypothesis import target
from hypothesis.errors import HypothesisWarning
from hypothesis.strategies import SearchStrategy

from harness.hunt._trial import Drawn
from harness.hunt._trial import Trial
from harness.scenario_text import scenario_toml

Try = Callable[[Any], Trial]
SHRINK_FLIGHTS = 150
"""Flights that shrinking one violation may cost; what is smallest by then is told."""


@dataclass(frozen=True, slots=True)
class Block:
    """What is asked for: *known* kinds of complaint are no news, *towards* names a measure."""

    seed: int
    examples: int
    known: frozenset[str] = frozenset()
    towards: str = ""
    shrink_flights: int = SHRINK_FLIGHTS


@dataclass(frozen=True, slots=True)
class Catch:
    """A violation: first met in the *example*-th flight, made small in so many *flights* more.

    *toml* is the smallest scenario that shows it, *faults* the number of its faults.
    """

    example: int
    flights: int
    faults: int
    complaints: tuple[str, ...]
    kinds: tuple[str, ...]
    toml: str


@dataclass(frozen=True, slots=True)
class Haul:
    """What came of a block of *examples* flights; *states* counts how jobs ended."""

    seed: int
    examples: int
    catch: Catch | None = None
    known: int = 0
    states: dict[str, int] = field(default_factory=dict)


class _Violated(Exception):
    pass


def hunt_block(
    block: Block,
    strategy: SearchStrategy[Drawn],
    fly: Try,
    *,
    sighted: Callable[[Trial], None] = lambda _: None,
) -> Haul:
    """Draw and fly until something is violated, or the block is over.

    *sighted* is called with each violation, smaller and smaller, as soon as it is met.
    """
    chase = _Chase(block, fly, sighted)

    @seed(block.seed)
    @settings(
        max_examples=block.examples,
        deadline=None,
        database=None,
        derandomize=False,
        print_blob=False,
        verbosity=Verbosity.quiet,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.target, Phase.shrink],
    )
    @given(strategy)
    def examined(drawn: Drawn) -> None:
        chase.meet(drawn)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", HypothesisWarning)
        with suppress(_Violated):
            examined()
    return chase.haul()


class _Chase:
    """Flies what is drawn; remembers what was flown, and the smallest violation."""

    def __init__(self, block: Block, fly: Try, sighted: Callable[[Trial], None]) -> None:
        self._block = block
        self._fly = fly
        self._sighted = sighted
        self._over: dict[str, Trial | None] = {}
        self._best: Trial | None = None
        self._wanted: frozenset[str] = frozenset()
        self._example = 0
        self._flights = 0
        self._known = 0
        self._states: dict[str, int] = {}

    def meet(self, drawn: Drawn) -> None:
        """Fly *drawn*, unless that was done; raise if it is a violation that is looked for."""
        key = repr(drawn)
        if key not in self._over:
            # What costs too much counts as harmless, so that hypothesis comes to its end.
            is_spent = self._flights - self._example >= self._block.shrink_flights
            self._over[key] = None if self._best and is_spent else self._guilty(drawn)
        guilty = self._over[key]
        if guilty is not None:
            # The last one that hypothesis asks for again is the smallest.
            self._best = guilty
            raise _Violated

    def haul(self) -> Haul:
        """Return what came of it."""
        best, examples = self._best, self._example or self._flights
        if best is None:
            return Haul(self._block.seed, examples, None, self._known, self._states)
        catch = Catch(
            self._example,
            self._flights - self._example,
            len(best.scenario.faults),
            tuple(map(str, best.complaints)),
            tuple(sorted({each.kind for each in best.complaints})),
            scenario_toml(best.scenario),
        )
        return Haul(self._block.seed, examples, catch, self._known, self._states)

    def _guilty(self, drawn: Drawn) -> Trial | None:
        trial = self._fly(drawn)
        self._flights += 1
        news = [each for each in trial.complaints if each.kind not in self._block.known]
        if not self._example:
            for state in trial.jobs.values():
                self._states[state] = self._states.get(state, 0) + 1
            if self._block.towards:
                target(trial.measures[self._block.towards], label=self._block.towards)
        if trial.complaints and not news:
            self._known += 1
        # While it shrinks one violation must not turn into another: somebody must still complain.
        if not news or (self._wanted and not trial.who & self._wanted):
            return None
        if not self._example:
            self._example, self._wanted = self._flights, trial.who
        self._sighted(trial)
        return trial
