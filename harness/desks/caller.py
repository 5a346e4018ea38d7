"""Who stands before a desk: one guest, its process on its node, and the way back to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any
from typing import Generator

from fakesites.node import Node
from harness.events import GUEST_ESCAPE
from harness.guests import GuestProcess
from simkernel import Clock
from simkernel import Journal

if TYPE_CHECKING:
    from harness.families import Family

Work = Generator[Any, Any, None]


class Denied(Exception):
    """The answer is an errno: *number* and *text* are what the pilot's call raises."""

    def __init__(self, number: int, text: str) -> None:
        super().__init__(text)
        self.number = number
        self.text = text


@dataclass(slots=True)
class Caller:
    """One guest, *who*, whose process is *pid* of *node*; *place* is its last call site."""

    who: str
    node: Node
    pid: int
    clock: Clock
    journal: Journal
    guest: GuestProcess | None = None
    place: str = ""
    family: Family | None = None
    first: bool = True
    """Whether it is the process that the batch system started, not a copy of that."""
    under_way: int = 0
    """What of the network's is under way for it."""

    def begin(self, work: Work) -> None:
        """Let *work* go on by itself; as long as it does, it is under way."""
        self.under_way += 1
        self.clock.process(self._counted(work))

    def _counted(self, work: Work) -> Work:
        try:
            yield from work
        finally:
            self.under_way -= 1

    def post(self, item: dict[str, Any]) -> None:
        """Have *item* delivered to the guest at this instant."""
        if self.guest is not None:
            self.guest.post(item, now=self.clock.now)

    def escape(self, kind: str, target: str) -> None:
        """Note an attempt to reach outside the simulation."""
        self.journal.emit(GUEST_ESCAPE, who=self.who, kind=kind, target=target, place=self.place)
