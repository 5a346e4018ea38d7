"""The tool fails: it does nothing, complains and exits with a code."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from harness.faults import Fuse
from harness.faults import ToolCall
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work
from simkernel import Clock


@fault("exit", on=("tool.*",), about="do nothing, print on stderr, exit with a code")
@dataclass(frozen=True, slots=True)
class Exit:
    """After *delay_s* seconds print *stderr* and exit with *code*."""

    code: int = 1
    stderr: str = ""
    delay_s: float = 0.0

    def install(self, trigger: Fuse) -> None:
        """Stand before the tool."""
        trigger.on_calls(partial(self.around, clock=trigger.world.clock))

    def around(self, call: ToolCall, _proceed: Proceed, *, clock: Clock) -> Work:
        """Fail in the tool's place."""
        if self.delay_s:
            yield clock.timeout(self.delay_s)
        if self.stderr:
            call.err(self.stderr.rstrip("\n") + "\n")
        return self.code
