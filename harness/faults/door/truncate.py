"""What passes the door is cut off on the way, and nobody notices."""

from __future__ import annotations

from dataclasses import dataclass

from harness.faults import Fuse
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work
from harness.faults._spoil import Cut
from harness.faults.door._content import DoorCall
from harness.faults.door._content import spoilt


@fault("truncate", on=("door.*",), about="carry only the beginning of the file")
@dataclass(frozen=True, slots=True)
class Truncate:
    """Carry the first *fraction* of the file; with 0 an empty one."""

    fraction: float = 0.5

    def __post_init__(self) -> None:
        Cut(self.fraction)

    def install(self, trigger: Fuse) -> None:
        """Stand in the door."""
        trigger.on_calls(self.around)

    def around(self, call: DoorCall, proceed: Proceed) -> Work:
        """Cut what goes in or comes out."""
        return (yield from spoilt(call, proceed, spoiler=Cut(self.fraction)))
