"""The tool works, slowly."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from harness.faults import Fuse
from harness.faults import ToolCall
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work
from simkernel import Clock
from simkernel import ScenarioError


@fault("slow", on=("tool.*",), about="take longer, by a factor and by a delay")
@dataclass(frozen=True, slots=True)
class Slow:
    """Take *factor* times as long, and *delay_s* seconds more; the result is the same."""

    factor: float = 1.0
    delay_s: float = 0.0

    def __post_init__(self) -> None:
        if self.factor < 1 or (self.factor == 1 and not self.delay_s):
            remedy = "give a factor above 1 or a delay"
            raise ScenarioError("this slows nothing down", remedy=remedy)

    def install(self, trigger: Fuse) -> None:
        """Stand behind the tool."""
        trigger.on_calls(partial(self.around, clock=trigger.world.clock))

    def around(self, _call: ToolCall, proceed: Proceed, *, clock: Clock) -> Work:
        """Let the tool work, then hold back its end."""
        began = clock.now
        code = yield from proceed()
        yield clock.timeout((self.factor - 1) * (clock.now - began) + self.delay_s)
        return code
