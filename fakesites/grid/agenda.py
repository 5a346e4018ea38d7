"""What happens when: a heap of calls, and the ends of flows between them.

A grid of records has no waiting program in it, so there is no process and no event object: a
call is a tuple in a heap, ordered by (time, sequence). For what that saves beside simpy see
docs/adr/0005-a-grid-of-records.md.
"""

from __future__ import annotations

from heapq import heappop
from heapq import heappush
from typing import Any
from typing import Callable

from fakesites.sharing import Sharing

Call = Callable[[Any, int], None]


class Agenda:
    """The time of a grid, and what is due."""

    __slots__ = ("_heap", "_sequence", "calls", "now", "sharing", "stopped")

    def __init__(self) -> None:
        self.now = 0.0
        self.calls = 0
        self.sharing = Sharing()
        self.stopped = False
        self._heap: list[tuple[float, int, Call, Any, int]] = []
        self._sequence = 0

    def at(self, when: float, call: Call, item: Any = None, mark: int = 0) -> None:
        """Make *call* with *item* and *mark* at *when*.

        What may be called off is marked: *call* compares *mark* with what *item* says by then.
        """
        self._sequence += 1
        heappush(self._heap, (when, self._sequence, call, item, mark))

    def run(self, until: float) -> None:
        """Make all calls up to *until*, or until one of them stops it.

        A flow that ends at an instant goes before the calls of that instant.
        """
        heap, sharing = self._heap, self.sharing
        while heap and not self.stopped:
            when = heap[0][0]
            due = sharing.due()
            if due <= when:
                if due > until:
                    break
                self.now = due
                for flow in sharing.ended(due):
                    self.calls += 1
                    flow.tag[0](flow.tag[1], 0)
                continue
            if when > until:
                break
            _, _, call, item, mark = heappop(heap)
            self.now = when
            self.calls += 1
            call(item, mark)
        if not self.stopped:
            self.now = max(self.now, until)
