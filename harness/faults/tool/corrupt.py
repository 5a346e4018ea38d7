"""The tool says that all went well, and the file has the right size and the wrong content."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from harness.faults import Fuse
from harness.faults import Site
from harness.faults import ToolCall
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work
from harness.faults._spoil import Flip
from harness.faults._targets import spoil_target


@fault("corrupt", on=("tool.*",), about="copy the file with one byte changed, exit 0")
@dataclass(frozen=True, slots=True)
class Corrupt:
    """Change the first byte of the file; its size stays."""

    def install(self, trigger: Fuse) -> None:
        """Stand behind the tool."""
        trigger.on_calls(partial(self.around, site=trigger.world.site))

    def around(self, call: ToolCall, proceed: Proceed, *, site: Site) -> Work:
        """Let the tool work, then change what it wrote."""
        code = yield from proceed()
        spoil_target(call, site=site, spoiler=Flip())
        return code
