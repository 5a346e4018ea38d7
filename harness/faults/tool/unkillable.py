"""The tool hangs in the kernel (state D): not even SIGKILL ends it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from harness.faults import Fuse
from harness.faults import ToolCall
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work
from harness.faults._waits import for_ever
from simkernel import Clock


@fault("unkillable", on=("tool.*",), about="hang in state D, where no signal arrives")
@dataclass(frozen=True, slots=True)
class Unkillable:
    """Hang where no signal arrives; go on, and let them arrive, after *wake_s* (0: never)."""

    wake_s: float = 0.0

    def install(self, trigger: Fuse) -> None:
        """Stand before the tool."""
        trigger.on_calls(partial(self.around, clock=trigger.world.clock))

    def around(self, call: ToolCall, proceed: Proceed, *, clock: Clock) -> Work:
        """Fall into uninterruptible sleep."""
        call.node.processes.freeze(call.pid)
        if not self.wake_s:
            yield from for_ever(clock)
        yield clock.timeout(self.wake_s)
        call.node.processes.wake(call.pid)
        return (yield from proceed())
