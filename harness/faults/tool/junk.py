"""The tool works, and prints bytes that are no text."""

from __future__ import annotations

from dataclasses import dataclass

from harness.faults import Fuse
from harness.faults import ToolCall
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work

# As Python writes bytes that are no UTF-8 (surrogateescape): a cut character, and Latin-1.
JUNK = "\udce2\udc82 caf\udce9 \udcff\udcfe\n"


@fault("junk", on=("tool.*",), about="work as always, print bytes that are no UTF-8 first")
@dataclass(frozen=True, slots=True)
class Junk:
    """Print bytes that are no UTF-8 on stderr, and on stdout if *both*; then work as always."""

    both: bool = False

    def install(self, trigger: Fuse) -> None:
        """Stand before the tool."""
        trigger.on_calls(self.around)

    def around(self, call: ToolCall, proceed: Proceed) -> Work:
        """Print, then let the tool work."""
        call.err(JUNK)
        if self.both:
            call.out(JUNK)
        return (yield from proceed())
