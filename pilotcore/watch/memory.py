"""A payload that takes more memory than its share of the slot takes it from its neighbours.

The queue's maxrss is for a job that fills the queue's slot; one with fewer cores has its share,
and everybody a factor GRACE above it, as memory is measured as the sum of resident sets, in
which shared pages count more than once. Every look serves the accounting too.
Read from pilot3@a090538b:pilot/user/atlas/memory.py#memory_usage, #allowed_memory_usage.
"""

from __future__ import annotations

from pilotcore.definitions import Queue
from pilotcore.errors import Failure
from pilotcore.usage import Meter
from pilotcore.watch import View

GRACE = 2
TOO_MUCH = 1235


def memory_limit(queue: Queue, *, cores: int) -> int:
    """Return the bytes of memory that a job with *cores* cores may have; 0: no limit."""
    return GRACE * queue.memory_max * min(cores, queue.cores) // queue.cores


class Memory:
    """Looks at what the payload uses."""

    def __init__(self, meter: Meter, *, every_s: float, limit: int) -> None:
        self.every_s = every_s
        self._meter = meter
        self._limit = limit

    def look(self, view: View) -> Failure | None:
        """Return failure 1235 if the payload has more than the limit."""
        usage = self._meter.look(view.pid)
        if usage is None or not self._limit or usage.rss <= self._limit:
            return None
        return Failure(TOO_MUCH, f"{usage.rss} bytes in memory, the limit is {self._limit}")
