"""Virtual time.

Models one clock for a whole world: seconds since the flight began, with an epoch that
turns them into POSIX time. Ties at one instant go by (priority, sequence number), which
is what simpy's own heap does; nothing here depends on object identity or on real time.
"""

from __future__ import annotations

from datetime import datetime
from datetime import timezone
from heapq import heappush
from typing import Any

import simpy


class Clock(simpy.Environment):
    """A simpy environment with an epoch, which a guest's own timers may carry forward."""

    def __init__(self, *, epoch: float) -> None:
        super().__init__(initial_time=0.0)
        self.epoch = epoch

    def wall(self) -> float:
        """Return the present instant as POSIX seconds."""
        return self.epoch + self.now

    def schedule_at(self, event: simpy.Event, instant: float, *, priority: int) -> None:
        """Have *event* come exactly at *instant* (seconds since the start), not before now."""
        entry: Any = (max(instant, self._now), priority, next(self._eid), event)
        heappush(self._queue, entry)

    def carry_to(self, instant: float) -> None:
        """Move to *instant* (seconds since the start), before which nothing is scheduled.

        Raises ValueError if an event would be skipped or if *instant* is in the past.
        """
        if instant < self.now:
            raise ValueError(f"cannot go back from {self.now} s to {instant} s")
        if instant > self.peek():
            raise ValueError(f"an event at {self.peek()} s lies before {instant} s")
        self._now = instant


def utc_text(posix: float) -> str:
    """Return *posix* seconds as ISO 8601 in UTC, to the second."""
    return datetime.fromtimestamp(posix, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
