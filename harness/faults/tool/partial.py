"""The tool fails half-way and leaves part of the file behind."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from harness.faults import Fuse
from harness.faults import Site
from harness.faults import ToolCall
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work
from harness.faults._spoil import Cut
from harness.faults._targets import spoil_target


@fault("partial", on=("tool.*",), about="fail half-way, leave part of the file behind")
@dataclass(frozen=True, slots=True)
class Partial:
    """Leave the first *fraction* of the file, print *stderr* and exit with *code*."""

    fraction: float = 0.5
    code: int = 1
    stderr: str = "Connection closed by peer during the transfer"

    def __post_init__(self) -> None:
        Cut(self.fraction)

    def install(self, trigger: Fuse) -> None:
        """Stand behind the tool."""
        trigger.on_calls(partial(self.around, site=trigger.world.site))

    def around(self, call: ToolCall, proceed: Proceed, *, site: Site) -> Work:
        """Let the tool work, cut what it wrote, and fail."""
        yield from proceed()
        spoil_target(call, site=site, spoiler=Cut(self.fraction))
        call.err(self.stderr.rstrip("\n") + "\n")
        return self.code
