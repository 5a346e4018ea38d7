"""The batch system does not bring back what a pilot wrote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from harness.faults import Fuse
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work


@fault("lost", on=("batch.output",), about="return no output files of a pilot that has ended")
@dataclass(frozen=True, slots=True)
class Lost:
    """Return no output of *pilot*, or of any pilot if no name is given: its file is empty."""

    pilot: str = ""

    def install(self, trigger: Fuse) -> None:
        """Stand between the end of a pilot and the return of its output."""
        trigger.on_calls(self.around, counts=lambda call: self.pilot in ("", call.pilot))

    def around(self, _call: Any, _proceed: Proceed) -> Work:
        """Return nothing."""
        yield from ()
