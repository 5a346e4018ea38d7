"""The kernel tells nonsense of the payload's CPU time, for a while."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import simpy

from harness.faults import Fuse
from harness.faults import PayloadRun
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work
from harness.faults.payload._models import ON
from harness.faults.payload._models import check_fraction
from simkernel import Clock


@fault("absurd_cpu", on=ON, about="let ps and /proc tell of an impossible CPU time")
@dataclass(frozen=True, slots=True)
class AbsurdCpu:
    """Add *seconds_s* to the CPU time shown, after *fraction* of the walltime, for *lasting_s*."""

    seconds_s: float = 4_000_000.0
    fraction: float = 0.25
    lasting_s: float = 900.0

    def __post_init__(self) -> None:
        check_fraction(self.fraction)

    def install(self, trigger: Fuse) -> None:
        """Stand beside the payload."""
        trigger.on_calls(partial(self.around, clock=trigger.world.clock))

    def around(self, run: PayloadRun, proceed: Proceed, *, clock: Clock) -> Work:
        """Let the payload live, and its accounting go astray meanwhile."""
        astray = clock.process(self._astray(run, clock))
        try:
            return (yield from proceed())
        finally:
            if astray.is_alive:
                astray.interrupt()

    def _astray(self, run: PayloadRun, clock: Clock) -> Work:
        shown = 0.0
        try:
            yield clock.timeout(run.model.walltime_s * self.fraction)
            shown = _show(run, self.seconds_s)
            yield clock.timeout(self.lasting_s)
        except simpy.Interrupt:
            pass  # The payload ended before.
        finally:
            _show(run, -shown)


def _show(run: Any, seconds_s: float) -> float:
    process = run.process
    process.cpu_base_s += seconds_s
    process.changes += 1
    return seconds_s
