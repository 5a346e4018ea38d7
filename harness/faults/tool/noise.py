"""The tool works, and prints what nobody asked for."""

from __future__ import annotations

from dataclasses import dataclass

from harness.faults import Fuse
from harness.faults import ToolCall
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work

WARNING = "WARNING: this tool is deprecated, and the operation would time out or fail"


@fault("noise", on=("tool.*",), about="work as always, print noise first")
@dataclass(frozen=True, slots=True)
class Noise:
    """Print *stderr* and *stdout*, then work as always."""

    # The words "time out" and "fail" are meant to catch whoever greps for causes.
    stderr: str = WARNING
    stdout: str = ""

    def install(self, trigger: Fuse) -> None:
        """Stand before the tool."""
        trigger.on_calls(self.around)

    def around(self, call: ToolCall, proceed: Proceed) -> Work:
        """Print, then let the tool work."""
        for text, write in ((self.stderr, call.err), (self.stdout, call.out)):
            if text:
                write(text.rstrip("\n") + "\n")
        return (yield from proceed())
