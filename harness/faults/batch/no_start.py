"""The batch system never starts a pilot: it stays queued."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from harness.faults import Fuse
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work


@fault("no_start", on=("batch.start",), about="never start a pilot: it stays queued")
@dataclass(frozen=True, slots=True)
class NoStart:
    """Never start *pilot*, or any pilot if no name is given."""

    pilot: str = ""

    def install(self, trigger: Fuse) -> None:
        """Stand before the start."""
        trigger.on_calls(self.around, counts=lambda call: self.pilot in ("", call.pilot))

    def around(self, _call: Any, _proceed: Proceed) -> Work:
        """Leave the pilot where it is."""
        yield from ()
