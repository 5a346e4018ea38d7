"""What passes the door changes on the way, and keeps its size."""

from __future__ import annotations

from dataclasses import dataclass

from harness.faults import Fuse
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work
from harness.faults._spoil import Flip
from harness.faults.door._content import DoorCall
from harness.faults.door._content import spoilt


@fault("corrupt", on=("door.*",), about="carry the file with one byte changed")
@dataclass(frozen=True, slots=True)
class Corrupt:
    """Change the first byte of the file; its size stays."""

    def install(self, trigger: Fuse) -> None:
        """Stand in the door."""
        trigger.on_calls(self.around)

    def around(self, call: DoorCall, proceed: Proceed) -> Work:
        """Change what goes in or comes out."""
        return (yield from spoilt(call, proceed, spoiler=Flip()))
