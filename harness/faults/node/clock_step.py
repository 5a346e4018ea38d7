"""The time service has died, and the node's clock is wrong."""

from __future__ import annotations

from dataclasses import dataclass

from fakesites.conditions import Conditions
from harness.faults import Fuse
from harness.faults import fault
from harness.faults.node._conditions import on_conditions


@fault("clock_step", on=("node.clock",), about="let the node's clock be wrong")
@dataclass(frozen=True, slots=True)
class ClockStep:
    """Step the clock *ahead_s* seconds forward, or back if negative.

    Tools of the node see it; a pilot's own interpreter does not.
    """

    ahead_s: float = 300.0

    def install(self, trigger: Fuse) -> None:
        """Step the clock when the trigger says."""
        on_conditions(trigger, self.step)

    def step(self, conditions: Conditions) -> None:
        """Step the clock."""
        conditions.clock_ahead_s += self.ahead_s
