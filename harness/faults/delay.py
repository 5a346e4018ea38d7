"""Everything is done, later: what is called is slow to begin."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from harness.faults import Fuse
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work
from simkernel import Clock


@fault("delay", on=("tool.*", "door.*", "server.*", "net.*", "batch.start"), about="begin later")
@dataclass(frozen=True, slots=True)
class Delay:
    """Wait for *delay_s* seconds before the call."""

    delay_s: float = 60.0

    def install(self, trigger: Fuse) -> None:
        """Stand before the call."""
        trigger.on_calls(partial(self.around, clock=trigger.world.clock))

    def around(self, _call: Any, proceed: Proceed, *, clock: Clock) -> Work:
        """Wait, then let the call through."""
        yield clock.timeout(self.delay_s)
        return (yield from proceed())
