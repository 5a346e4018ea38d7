"""How a flight is flown, besides what: nothing of this is the scenario's or the pilot's."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import Any
from typing import Iterable
from typing import Mapping

from harness.schedules import FIFO
from harness.schedules import Choices
from harness.schedules import Schedule

if TYPE_CHECKING:
    from harness.seat import Seat

MEMORY_BYTES = 4 << 30
FILES_MAX = 1024
"""What a pilot may have of memory (its address space) and open files, as many nodes give it."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How to fly.

    *script* holds the choices of an earlier flight, by pilot; *strict* says that a choice that
    does not fit is a difference, and *told* that each switch is to be told. *stop_s* is when the
    flight is stopped, in virtual seconds, for a debugger on the *terminal* (descriptors of its
    input and output) if there is one.
    """

    schedule: Schedule = FIFO
    script: Mapping[str, Choices] | None = None
    strict: bool = True
    told: bool = False
    coverage: bool = False
    stop_s: float | None = None
    terminal: tuple[int, int] | None = None
    memory_bytes: int = MEMORY_BYTES
    files_max: int = FILES_MAX

    def instruments(self, pilot: str, *, seed: int) -> dict[str, Any]:
        """Return what the guest of *pilot* is told; *seed* is that of its schedule's stream."""
        told: dict[str, Any] = {
            "limits": {"memory": self.memory_bytes, "files": self.files_max},
        }
        if self.script is not None and pilot in self.script:
            told["schedule"] = self.script[pilot].order(strict=self.strict, told=self.told)
        elif self.schedule.name != "fifo":
            told["schedule"] = self.schedule.order(seed=seed)
        if self.coverage:
            told["coverage"] = True
        if self.terminal is not None:
            told["terminal"] = list(self.terminal)
        return told


PLAIN = Manner()


@dataclass(slots=True)
class Seen:
    """What instruments told during a flight, by pilot; it is no part of the journal."""

    choices: dict[str, Choices] = field(default_factory=dict)
    differs: dict[str, str] = field(default_factory=dict)
    coverage: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    switches: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, seats: Iterable[Seat]) -> Seen:
        """Return what the guests of *seats* have told."""
        by_name = {seat.guest.name: seat for seat in seats}
        return cls(
            {name: seat.choices for name, seat in by_name.items()},
            {name: seat.differs for name, seat in by_name.items() if seat.differs},
            {name: seat.coverage for name, seat in by_name.items()},
            {name: seat.switches for name, seat in by_name.items()},
        )
