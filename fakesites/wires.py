"""Fair sharing in virtual time: the flows of fakesites.sharing, for processes that wait for them.

Models the links of one world by name, and for each copy a wait that ends when its bytes have
passed, or now and then before that, so that the target of a slow copy is seen to grow. One timer
is set at a time, whatever the number of copies.
"""

from __future__ import annotations

import math
from collections import deque
from typing import Any
from typing import Callable
from typing import Generator

import simpy
from simpy.core import SimTime
from simpy.events import URGENT

from fakesites.sharing import Flow
from fakesites.sharing import SharedLink
from fakesites.sharing import Sharing
from simkernel import Clock

Work = Generator[simpy.Event, Any, Any]
Progress = Callable[[int], None]

# A copy tells how far it is this often, so that the target grows as real ones do: a slow copy
# is seen to be alive by whoever looks at modification times, and a hung one is not.
PROGRESS_S = 60.0


class Wake(simpy.Event):
    """Wakes a copy at this instant, before anything else that is due at it."""

    def wake(self) -> None:
        """Let who waits go on; a second time does nothing."""
        if not self.triggered:
            self._ok = True
            self._value = None
            self.env.schedule(self, priority=URGENT)


class Wires:
    """The links of one world, and the copies that are under way on them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._sharing = Sharing()
        self._links: dict[str, SharedLink] = {}
        self._ticks: deque[tuple[SimTime, Flow, Wake]] = deque()
        self._armed: SimTime = math.inf
        self._timer = 0

    def link(self, name: str, capacity: float) -> SharedLink:
        """Return the link *name*, which has *capacity* bytes a second from now on."""
        link = self._links.get(name)
        if link is None:
            link = self._links[name] = SharedLink(name, capacity)
        elif link.capacity != capacity:
            self._sharing.resize(self._clock.now, link, capacity)
            self._arm()
        return link

    def carry(
        self, size: int, links: tuple[SharedLink, ...], *, limit: float, tell: Progress
    ) -> Work:
        """Carry *size* bytes over *links*; *tell* is told how many have passed.

        If the copy is interrupted or closed, *tell* is told what had passed by then.
        """
        tell(0)
        if size <= 0:
            return
        flow = self._sharing.start(self._clock.now, links, size, limit=limit)
        told = 0
        try:
            while True:
                wake = flow.tag = Wake(self._clock)
                self._ticks.append((self._clock.now + PROGRESS_S, flow, wake))
                self._arm()
                yield wake
                if flow.over:
                    tell(size)
                    return
                told = int(flow.moved(self._clock.now))
                tell(told)
        finally:
            if not flow.over:
                moved = int(self._sharing.stop(self._clock.now, flow))
                self._arm()
                if moved > told:
                    tell(moved)

    def _arm(self) -> None:
        """Set the timer to what is due next; one that was set for later is ignored then."""
        while self._ticks and self._ticks[0][1].over:
            self._ticks.popleft()
        due = min(self._sharing.due(), self._ticks[0][0] if self._ticks else math.inf)
        if due == self._armed or due == math.inf:
            return
        self._armed = due
        self._timer += 1
        number = self._timer
        timer = self._clock.timeout(max(0.0, due - self._clock.now))
        assert timer.callbacks is not None
        timer.callbacks.append(lambda _event: self._ring(number))

    def _ring(self, number: int) -> None:
        if number != self._timer:
            return
        self._armed = math.inf
        now = self._clock.now
        # The sum of now and a difference may miss the due instant by the last digit.
        for flow in self._sharing.ended(now + math.ulp(now)):
            flow.tag.wake()
        while self._ticks and self._ticks[0][0] <= now:
            self._ticks.popleft()[2].wake()
        self._arm()
