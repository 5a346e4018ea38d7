"""What a pilot's process forks: each copy is a guest of its own, on the same node.

The first of a family is the process that the batch system started. A copy has its parent's group
and session, pipes that both have open are kept by the host, its end is told to its parent, or to
whoever has adopted it. The number of processes is limited, as by RLIMIT_NPROC.
"""

from __future__ import annotations

import errno
import signal as signals
from typing import Any
from typing import Callable

from fakesites.node import Node
from fakesites.processes import Process
from harness.answers import Answers
from harness.desks import Caller
from harness.desks import Denied
from harness.desks.pipes import Pipes
from harness.events import GUEST_NOTE
from harness.guests import GuestProcess
from harness.seat import Seat
from simkernel import Clock
from simkernel import Journal
from simkernel import Network

ALIVE_MAX = 128
"""Processes that a pilot may have made by forking at a time: below the limits of batch systems."""

MADE_MAX = 1024
"""Processes that it may make so in a flight: each may cost a real one to its end."""

SUSPENDING = (signals.SIGSTOP, signals.SIGTSTP)


class Family:
    """The guests of one pilot, *who*; *take* is told of each new seat."""

    def __init__(
        self,
        who: str,
        *,
        node: Node,
        clock: Clock,
        journal: Journal,
        network: Network,
        take: Callable[[Seat], None],
    ) -> None:
        self._who = who
        self._node = node
        self._clock = clock
        self._journal = journal
        self._network = network
        self._take = take
        self.pipes = Pipes()
        self._seats: dict[int, Seat] = {}
        self._parents: dict[int, int] = {}
        self._made = 0
        self._noted = False

    def begin(self, process: Process, guest: GuestProcess, *, ended: Callable[..., None]) -> Seat:
        """Seat the first guest, which is *process* of the node."""
        return self._seat(process, guest, ended)

    def _seat(self, process: Process, guest: GuestProcess, ended: Callable[..., None]) -> Seat:
        caller = Caller(
            self._who,
            node=self._node,
            pid=process.pid,
            clock=self._clock,
            journal=self._journal,
            guest=guest,
            family=self,
            first=not self._seats,
        )
        seat = Seat(guest, Answers(caller, self._network), ended=ended)
        self._seats[process.pid] = seat
        process.heeds_stops = True
        process.handler = lambda number: heed(seat, number, now=self._clock.now)
        self._take(seat)
        return seat

    def fork(self, caller: Caller, pipes: list[dict[str, Any]]) -> dict[str, Any]:
        """Make the process of *caller* twice. Raises Denied (EAGAIN)."""
        alive = sum(not seat.guest.over for seat in self._seats.values())
        if alive > ALIVE_MAX or self._made >= MADE_MAX or caller.guest is None:
            self._limit(caller)
            raise Denied(errno.EAGAIN, "Resource temporarily unavailable")
        self._made += 1
        table = self._node.processes
        parent = table[caller.pid]
        process = table.fork(parent, parent.argv)
        process.rate(now=self._clock.now, cpu=0.0, rss_kb=parent.rss_kb(self._clock.now))
        table.enter(process)
        guest, word = caller.guest.fork(f"{self._who}/{process.pid}", now=self._clock.now)
        pid = process.pid
        seat = self._seat(process, guest, lambda code, number: self._ended(pid, code, number))
        seat.fresh = False  # it waits to be told to run
        numbers = self.pipes.add(pipes, pid=caller.pid, post=caller.post)
        self.pipes.inherit(parent=caller.pid, child=pid, post=seat.answers.caller.post)
        self._parents[pid] = caller.pid
        return {"pid": pid, "pipes": numbers, "word": word}

    def _limit(self, caller: Caller) -> None:
        if not self._noted:
            self._noted = True
            text = f"fork: the limit of {ALIVE_MAX} processes at a time, {MADE_MAX} in all"
            self._journal.emit(
                GUEST_NOTE, who=self._who, kind="process-limit", text=text, place=caller.place
            )

    def forked(self, caller: Caller, pid: int, real: int) -> None:
        """The kernel has made the copy *pid*, or has not if *real* is negative."""
        seat = self._seats.get(pid)
        if seat is None or self._parents.get(pid) != caller.pid:
            return
        if real >= 0:
            seat.guest.known_as(real)
            return
        self._parents[pid] = 0
        seat.left(1, 0)
        self._node.processes.collect(pid)

    def _ended(self, pid: int, code: int, number: int) -> None:
        self.pipes.leave(pid)
        table = self._node.processes
        table.exit(pid, code=code, signal=number)
        process = table.find(pid)
        if process is not None:
            self._tell(process.ppid, {"pid": pid, "code": code, "signal": number})
        self.adopt()

    def adopt(self) -> None:
        """Tell whoever has become the parent of one that lives."""
        for pid in self._parents:
            process = self._node.processes.find(pid)
            if process is not None and process.ppid != self._parents[pid]:
                self._parents[pid] = process.ppid
                self._tell(process.ppid, {"adopted": pid})

    def _tell(self, pid: int, item: dict[str, Any]) -> None:
        seat = self._seats.get(pid)
        if seat is not None and not seat.guest.over:
            seat.answers.caller.post({"key": "fork", **item})


def heed(seat: Seat, number: int, *, now: float) -> None:
    """The process of a guest gets signal *number*, from whomever."""
    if number == signals.SIGKILL:
        seat.close(0, int(signals.SIGKILL))
    elif number in SUSPENDING:
        seat.guest.suspended = True
    else:
        if number == signals.SIGCONT:
            seat.guest.go_on(now=now)
        seat.guest.post({"key": "signal", "signal": number}, now=now)
