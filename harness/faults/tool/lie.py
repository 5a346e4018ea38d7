"""The tool says that all went well, and did nothing."""

from __future__ import annotations

from dataclasses import dataclass

from harness.faults import Fuse
from harness.faults import ToolCall
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work


@fault("lie", on=("tool.*",), about="exit 0 and do nothing: no file, no effect")
@dataclass(frozen=True, slots=True)
class Lie:
    """Print *stdout* (nothing by default) and exit 0 without doing the work."""

    stdout: str = ""

    def install(self, trigger: Fuse) -> None:
        """Stand before the tool."""
        trigger.on_calls(self.around)

    def around(self, call: ToolCall, _proceed: Proceed) -> Work:
        """Succeed in the tool's place."""
        yield from ()
        if self.stdout:
            call.out(self.stdout.rstrip("\n") + "\n")
        return 0
