"""The batch queue of one site, for pilots that are records.

Models hosts with cores, a queue for each priority, turns of the scheduler (slower when more
pilots wait than the system bears), held pilots, the wall time, preemption by requeueing,
cancelling or suspending, and hosts that go down. Wide pilots wait for a host with room; others
pass them only where the system fills in behind. Not modelled: fair shares between users.
"""

from __future__ import annotations

from collections import deque
from typing import Callable

from fakesites.grid.agenda import Agenda
from fakesites.grid.hosts import Hosts
from fakesites.grid.records import GONE
from fakesites.grid.records import HELD
from fakesites.grid.records import QUEUED
from fakesites.grid.records import STARTING
from fakesites.grid.records import Counters
from fakesites.grid.records import Pilot
from fakesites.grid.spec import GridSite
from fakesites.grid.systems import SYSTEMS

Start = Callable[[Pilot], None]


class Batch:
    """The queue of *site*.

    *start* is called for a pilot that gets its slot, *stop* for one at the end of its wall time.
    """

    def __init__(
        self, site: GridSite, *, agenda: Agenda, counters: Counters, start: Start, stop: Start
    ) -> None:
        self.system = SYSTEMS[site.system]
        self.hosts = Hosts(site.hosts, cores=site.cores)
        self.running: dict[int, Pilot] = {}
        self.idle = 0
        self.idle_by: dict[int, int] = {}
        self.closed = False
        self._site = site
        self._agenda = agenda
        self._count = counters
        self._start = start
        self._stop = stop
        self._queues: dict[int, deque[Pilot]] = {}
        self._order: list[int] = []
        self._deadlines: deque[tuple[float, Pilot, int]] = deque()
        self._sweeping = False
        self._turn = -1.0
        self._narrowest = site.pilot_cores

    def submit(self, pilot: Pilot) -> None:
        """Queue *pilot*; it may start once it is eligible."""
        priority = pilot.priority if self.system.priorities else 0
        if priority not in self._queues:
            self._queues[priority] = deque()
            self._order = sorted(self._queues, reverse=True)
        pilot.phase = QUEUED
        self._queues[priority].append(pilot)
        self._narrowest = min(self._narrowest, pilot.cores)
        self.idle += 1
        self.idle_by[pilot.cores] = self.idle_by.get(pilot.cores, 0) + 1
        if self.idle > self._count.idle_most:
            self._count.idle_most = self.idle
        self._wake(pilot.eligible)

    def waiting(self) -> list[Pilot]:
        """Return the pilots that wait for a slot, in the order of their priority."""
        return [pilot for priority in self._order for pilot in self._queues[priority]]

    def hold(self, pilot: Pilot) -> None:
        """Take note of a *pilot* that is held; it stands in no queue until it is released."""
        pilot.phase = HELD
        self._count.held += 1

    def leave(self, pilot: Pilot, word: str) -> None:
        """Note that *pilot* gave its slot back, in the word of the system for how."""
        self._note(pilot, word)
        pilot.phase = GONE
        self._count.ended += 1

    def requeue(self, pilot: Pilot, word: str) -> None:
        """Put *pilot*, which ran, back into the queue: it will be started again."""
        self._note(pilot, word)
        pilot.eligible = self._agenda.now + self._site.start_delay_s
        self.submit(pilot)

    def close(self) -> None:
        """Start no pilot until the queue is opened again."""
        self.closed = True

    def open(self) -> None:
        """Start pilots again, after the queue was closed or a host came back."""
        self.closed = False
        self.look()

    def look(self) -> None:
        """Look for pilots to start, at the next turn."""
        self._wake(self._agenda.now)

    def _note(self, pilot: Pilot, word: str) -> None:
        now = self._agenda.now
        self.hosts.give(pilot.host, cores=pilot.cores)
        del self.running[pilot.number]
        self._count.slot_s += (now - pilot.started) * pilot.cores
        said = self.system.words[word]
        self._count.words[said] = self._count.words.get(said, 0) + 1
        if self.idle:
            self._wake(now)

    def _wake(self, when: float) -> None:
        """See to it that the scheduler has a turn at *when*, or at its next one after that."""
        now = self._agenda.now
        # Thousands of idle pilots slow the scheduler down for all: the queue has collapsed.
        cycle_s = self.system.cycle_s * max(1.0, self.idle / self._site.collapse)
        turn = -(-max(when, now) // cycle_s) * cycle_s
        if self._turn < now or turn < self._turn:
            self._turn = turn
            self._agenda.at(turn, self._schedule)

    def _schedule(self, _item: object, _mark: int) -> None:
        now = self._agenda.now
        if now != self._turn or self.closed:
            return
        self._turn = -1.0
        blocked = False
        for priority in self._order:
            blocked = self._fill(self._queues[priority], now)
            if blocked and not self.system.backfill:
                break
        if self.idle and not blocked:
            self._wake(now + self.system.cycle_s)

    def _fill(self, queue: deque[Pilot], now: float) -> bool:
        """Start what fits of *queue*; tell whether one was left that did not."""
        passed: list[Pilot] = []
        while queue and queue[0].eligible <= now and self.hosts.free >= self._narrowest:
            pilot = queue[0]
            host = self.hosts.take(pilot.cores)
            if host < 0:
                if not self.system.backfill or len(passed) >= BACKFILL_DEPTH:
                    break
                passed.append(queue.popleft())
                continue
            queue.popleft()
            self._begin(pilot, host)
        queue.extendleft(reversed(passed))
        return bool(queue) and queue[0].eligible <= now

    def _begin(self, pilot: Pilot, host: int) -> None:
        now = self._agenda.now
        self.idle -= 1
        self.idle_by[pilot.cores] -= 1
        self._count.started += 1
        self._count.waits.append(now - pilot.submitted)
        pilot.host, pilot.started, pilot.phase = host, now, STARTING
        pilot.starts += 1
        self.running[pilot.number] = pilot
        self._expect_end(pilot)
        self._start(pilot)

    def _expect_end(self, pilot: Pilot) -> None:
        deadlines = self._deadlines
        # Nearly all are gone long before: they are not kept until then.
        while deadlines and not self._is_running(deadlines[0][1], deadlines[0][2]):
            deadlines.popleft()
        deadlines.append((self._agenda.now + self._site.walltime_s, pilot, pilot.starts))
        if not self._sweeping:
            self._sweeping = True
            self._agenda.at(deadlines[0][0], self._sweep)

    def _is_running(self, pilot: Pilot, starts: int) -> bool:
        return pilot.starts == starts and pilot.number in self.running

    def _sweep(self, _item: object, _mark: int) -> None:
        """Stop those at their wall time. It is one for all, so deadlines come in their order."""
        now, deadlines = self._agenda.now, self._deadlines
        while deadlines:
            due, pilot, starts = deadlines[0]
            alive = self._is_running(pilot, starts)
            if alive and due > now:
                self._agenda.at(due, self._sweep)
                return
            deadlines.popleft()
            if alive:
                self._count.walltime += 1
                self._stop(pilot)
        self._sweeping = False


# How many wide pilots the scheduler looks past in one turn.
BACKFILL_DEPTH = 50
