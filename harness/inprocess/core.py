"""What the Platform of the core is on a hub, in either depth: clock, flags and strands."""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import Iterator

from harness.inprocess.hub import Attendant
from harness.inprocess.hub import Flag
from harness.inprocess.hub import Hub
from harness.inprocess.hub import Task


class OnHub:
    """The part of pilotcore's Platform that a hub is enough for."""

    __slots__ = ("hub",)

    def __init__(self, hub: Hub) -> None:
        self.hub = hub

    def now(self) -> float:
        """Return POSIX seconds."""
        clock = self.hub.clock
        return clock.epoch + clock.now

    def monotonic(self) -> float:
        """Return seconds since the flight began."""
        return self.hub.clock.now

    def flag(self) -> Flag:
        """Return a new flag."""
        return Flag(self.hub)

    def spawn(self, work: Callable[[], None], *, name: str) -> Task:  # noqa: ARG002
        """Run *work* on a strand of its own."""
        return Task(self.hub, work)

    def attend(
        self,
        work: Callable[[], Iterator[float | None]],
        *,
        wake: Any,
        name: str,  # noqa: ARG002
    ) -> Attendant:
        """Run the steps of *work*, each on a strand of its own."""
        return Attendant(self.hub, work(), wake)
