"""When a fault strikes: which occasion, from when on, in which phase, how likely, how often.

An *occasion* is one call of the fault's point. For a fault whose point has no calls (a
credential, the batch system) it is the installation, an instant, or a phase's beginning.
All conditions hold together. ``call`` and ``every`` count the occasions that ``phase``,
``after_s`` and ``event`` admit, so ``phase = "stage-out", call = 1`` is the first call in that
phase. ``event`` is a number of the journal: not before that event has been written.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Protocol

from harness.phases import PHASES
from simkernel import ScenarioError
from simkernel import nearest

# The journal rounds its times to this: a phase may seem to have begun a little in the future.
RESOLUTION_S = 1e-6


class When(Protocol):
    """What a trigger says; None (or zero, or nothing) leaves a condition out."""

    @property
    def call(self) -> int | None: ...
    @property
    def after_s(self) -> float | None: ...
    @property
    def every(self) -> int | None: ...
    @property
    def phase(self) -> str | None: ...
    @property
    def p(self) -> float | None: ...
    @property
    def times(self) -> int | None: ...
    @property
    def event(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Trigger:
    """When a fault strikes; without any condition, at every occasion."""

    call: int | None = None
    after_s: float | None = None
    every: int | None = None
    phase: str | None = None
    p: float | None = None
    times: int | None = None
    event: int | None = None


def never(when: When) -> bool:
    """Tell whether *when* cannot come: such a fault is not installed and leaves no trace."""
    return when.p is not None and when.p <= 0


def check_trigger(when: When, *, where: str = "") -> None:
    """Raise ScenarioError, naming *where*, for a condition of *when* that makes no sense."""
    for name, count in (("call", when.call), ("every", when.every), ("times", when.times)):
        if count is not None and count < 1:
            raise ScenarioError(f"{name} = {count}: counting starts at 1", where=where)
    if when.event is not None and when.event < 0:
        raise ScenarioError(f"event = {when.event}: the journal's first is 0", where=where)
    if when.after_s is not None and when.after_s < 0:
        raise ScenarioError(f"after = {when.after_s} s lies before the start", where=where)
    if when.p is not None and not 0 <= when.p <= 1:
        raise ScenarioError(f"p = {when.p} is no probability (0 to 1)", where=where)
    if when.phase and when.phase not in PHASES:
        close = nearest(when.phase, PHASES) or list(PHASES)
        remedy = f"did you mean {' or '.join(map(repr, close))}?"
        raise ScenarioError(f"unknown phase {when.phase!r}", where=where, remedy=remedy)


class Countdown:
    """Counts the occasions of one fault and decides at each whether it strikes."""

    def __init__(self, when: When, *, rng: Random) -> None:
        self._when = when
        self._rng = rng
        self.seen = 0
        self.admitted = 0
        self.struck = 0

    def strikes(self, elapsed_s: float | None) -> bool:
        """Count one occasion and tell whether the fault strikes at it.

        *elapsed_s* is the time since the start, or since the trigger's phase began; None
        means that the phase is another one.
        """
        self.seen += 1
        if elapsed_s is None or elapsed_s + RESOLUTION_S < (self._when.after_s or 0.0):
            return False
        self.admitted += 1
        if not self._is_counted() or self._is_spent() or not self._is_drawn():
            return False
        self.struck += 1
        return True

    def _is_counted(self) -> bool:
        call, every = self._when.call, self._when.every
        if call and every:
            return self.admitted >= call and (self.admitted - call) % every == 0
        if call:
            return self.admitted == call
        return not every or self.admitted % every == 0

    def _is_spent(self) -> bool:
        return self._when.times is not None and self.struck >= self._when.times

    def _is_drawn(self) -> bool:
        p = self._when.p
        return p is None or p >= 1 or self._rng.random() < p
