"""When something is to be done about a job: a heap of instants, out of date ones left in it.

An instant is out of date when it is not the one that its job has now; it is dropped when it comes
to the top. So a heartbeat costs one entry, and nobody ever looks at all jobs.
"""

from __future__ import annotations

from heapq import heappop
from heapq import heappush


class Deadlines:
    """The instants (POSIX seconds) of all jobs that have one."""

    __slots__ = ("_due", "_heap")

    def __init__(self) -> None:
        self._heap: list[tuple[float, int]] = []
        self._due: dict[int, float] = {}

    def set(self, panda_id: int, instant: float | None) -> None:
        """Let *instant* be that of a job; None for never."""
        if instant is None:
            self._due.pop(panda_id, None)
        elif self._due.get(panda_id) != instant:
            self._due[panda_id] = instant
            heappush(self._heap, (instant, panda_id))

    def first(self) -> float | None:
        """Return the earliest instant, or None."""
        self._drop()
        return self._heap[0][0] if self._heap else None

    def take(self, now: float) -> list[int]:
        """Return the jobs whose instant has come at *now*, earliest first, and strike them out."""
        due: list[int] = []
        while (instant := self.first()) is not None and instant <= now:
            _, panda_id = heappop(self._heap)
            del self._due[panda_id]
            due.append(panda_id)
        return due

    def _drop(self) -> None:
        heap = self._heap
        while heap and self._due.get(heap[0][1]) != heap[0][0]:
            heappop(heap)
