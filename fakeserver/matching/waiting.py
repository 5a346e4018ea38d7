"""The jobs that wait for a pilot, so kept that the best one is found without looking at all.

For each queue, for each user and each task at a queue: shape -> heap of (-priority, id). A job
that leaves is struck out of the list of the living; its entry in the heap goes when it comes to
the top. An entry is never twice in one heap.
"""

from __future__ import annotations

from heapq import heappop
from heapq import heappush
from typing import Iterable
from typing import Iterator

from fakeserver.matching.shape import Shape

Entry = tuple[int, int]
Place = tuple[str, ...]


class Heap:
    """Entries of which some are alive."""

    __slots__ = ("_entries", "_heap", "alive")

    def __init__(self) -> None:
        self._heap: list[Entry] = []
        self._entries: set[Entry] = set()
        self.alive: set[Entry] = set()

    def add(self, entry: Entry) -> None:
        """Enter *entry*, or bring it back to life."""
        self.alive.add(entry)
        if entry not in self._entries:
            self._entries.add(entry)
            heappush(self._heap, entry)

    def first(self) -> Entry | None:
        """Return the lowest entry that is alive, or None."""
        heap = self._heap
        while heap and heap[0] not in self.alive:
            self._entries.discard(heappop(heap))
        return heap[0] if heap else None


class WaitingRoom:
    """Who waits, and where: at a queue, at a queue for a user, at a queue for a task."""

    __slots__ = ("_of", "_places")

    def __init__(self) -> None:
        self._places: dict[Place, dict[Shape, Heap]] = {}
        self._of: dict[int, tuple[Shape, Entry, tuple[Place, ...]]] = {}

    def __contains__(self, panda_id: int) -> bool:
        return panda_id in self._of

    def __len__(self) -> int:
        return len(self._of)

    def enter(self, panda_id: int, shape: Shape, *, priority: int, places: Iterable[Place]) -> None:
        """Let a job wait at each of *places*; if it waits already, as something else."""
        self.leave(panda_id)
        entry = (-priority, panda_id)
        kept = tuple(places)
        self._of[panda_id] = (shape, entry, kept)
        for place in kept:
            heaps = self._places.setdefault(place, {})
            heap = heaps.get(shape)
            if heap is None:
                heap = heaps[shape] = Heap()
            heap.add(entry)

    def leave(self, panda_id: int) -> None:
        """Let a job wait no longer."""
        known = self._of.pop(panda_id, None)
        if known is None:
            return
        shape, entry, places = known
        for place in places:
            heaps = self._places[place]
            heaps[shape].alive.discard(entry)
            if not heaps[shape].alive:
                del heaps[shape]

    def shapes(self, place: Place) -> Iterator[tuple[Shape, Entry]]:
        """Yield each shape of which jobs wait at *place*, and the first of them."""
        for shape, heap in self._places.get(place, {}).items():
            first = heap.first()
            if first is not None:
                yield shape, first

    def entries(self, place: Place) -> list[tuple[Entry, Shape]]:
        """Return everybody who waits at *place*, the first first (it sorts them all)."""
        heaps = self._places.get(place, {})
        return sorted((entry, shape) for shape, heap in heaps.items() for entry in heap.alive)

    def alike(self, panda_id: int) -> tuple[Shape, Entry] | None:
        """Return shape and entry of a job that waits, or None."""
        known = self._of.get(panda_id)
        return None if known is None else known[:2]

    def before(self, place: Place, entry: Entry) -> int:
        """Return how many jobs of any shape stand before *entry* at *place* (it counts all)."""
        heaps = self._places.get(place, {})
        return sum(other < entry for heap in heaps.values() for other in heap.alive)


def places_of(queue: str, *, user: str, task: str) -> tuple[Place, Place, Place]:
    """Return where a job of *user* and *task* waits at *queue*."""
    return (queue,), (queue, "user", user), (queue, "task", task)
