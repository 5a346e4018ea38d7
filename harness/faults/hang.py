"""Nothing comes back: a tool that hangs, a server or a host that never answers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from harness.faults import Fuse
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work
from harness.faults._waits import for_ever
from simkernel import Clock


@fault("hang", on=("tool.*", "door.*", "server.*", "net.*"), about="do nothing, never come back")
@dataclass(frozen=True, slots=True)
class Hang:
    """Neither do the work nor come back; a tool still dies of a signal."""

    def install(self, trigger: Fuse) -> None:
        """Stand before the call."""
        trigger.on_calls(partial(self.around, clock=trigger.world.clock))

    def around(self, _call: Any, _proceed: Proceed, *, clock: Clock) -> Work:
        """Wait for ever."""
        return (yield from for_ever(clock))
