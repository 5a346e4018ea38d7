"""Who runs next: the world or one of the guests.

Conservative time: the earliest of the world's next event and the guests' next times is always
served, the world first in a tie, then the guests in the order in which they started. A guest
is granted time up to whatever comes next elsewhere, so nothing is ever delivered in its past,
and a flight is a function of scenario, seed and code.
"""

from __future__ import annotations

import math
from typing import Any
from typing import Callable

from harness.events import GUEST_STUCK
from harness.seat import Seat
from harness.watchdog import examine
from simkernel import Clock
from simkernel import HarnessError
from simkernel import Journal

COMPLETE = "complete"
HORIZON = "horizon"
DEADLOCK = "deadlock"
UNTIL = "until"


class Conductor:
    """Conducts one flight up to *horizon_s* seconds after its start.

    At *stop_s* it is stopped: for the debugger of the first guest if it *debugs*, else for good.
    With *runs_ahead* a guest that nobody else can reach does not wait for the others: it goes on
    to the next event of the world, and what it does then is held until the world has come there.
    """

    def __init__(
        self,
        clock: Clock,
        journal: Journal,
        *,
        horizon_s: float,
        stop_s: float | None = None,
        debugs: bool = False,
        runs_ahead: bool = False,
    ) -> None:
        self._clock = clock
        self._journal = journal
        self._horizon_s = horizon_s
        self._stop_s = math.inf if stop_s is None else stop_s
        self._debugs = debugs
        self._runs_ahead = runs_ahead
        self.seats: list[Seat] = []

    def seat(self, seat: Seat) -> None:
        """Take a guest that has just been started."""
        self.seats.append(seat)

    def run(self, over: Callable[[], bool]) -> str:
        """Conduct until *over* says so; return the reason for the end."""
        while not over():
            seat = self._first()
            theirs = math.inf if seat is None else seat.guest.next
            ours = self._clock.peek()
            first = min(ours, theirs)
            if first == math.inf:
                return self._look(DEADLOCK)
            if first >= self._stop_s:
                if not self._debugs:
                    self._clock.carry_to(self._stop_s)
                    return self._look(UNTIL)
                self._debug()
            elif first > self._horizon_s:
                return self._look(HORIZON)
            elif seat is None or ours <= theirs:
                self._clock.step()
            elif not self._turn(seat):
                return seat.stopped
        return COMPLETE

    def close(self) -> None:
        """End every guest that is left, without ceremony."""
        for seat in self.seats:
            if not seat.guest.over:
                seat.guest.end()

    def _first(self) -> Seat | None:
        waiting = [seat for seat in self.seats if not seat.guest.over]
        return min(waiting, key=lambda seat: seat.guest.next, default=None)

    def _until(self, seat: Seat) -> float:
        """Return how far *seat* may run: to the next thing that could reach it."""
        limit = min(self._clock.peek(), self._horizon_s, self._stop_s)
        if self._runs_ahead and seat.is_apart(self.seats):
            return limit
        return min(limit, self._next_of_others(seat))

    def _next_of_others(self, seat: Seat) -> float:
        others = (each.guest.next for each in self.seats if each is not seat)
        return min(others, default=math.inf)

    def _comes_early(self, seat: Seat, instant: float) -> bool:
        """Tell whether *seat*, which ran ahead, acts at an *instant* that the world is not at."""
        if instant <= self._clock.now:
            return False
        return instant >= min(self._clock.peek(), self._next_of_others(seat))

    def _turn(self, seat: Seat) -> bool:
        """Let the guest of *seat* run; return False if the flight has to end with it."""
        self._clock.carry_to(max(seat.guest.next, self._clock.now))
        try:
            if not seat.fresh and seat.held is None:
                seat.grant(now=self._clock.now, until=self._until(seat))
            seat.fresh = False
            self._serve(seat)
        except HarnessError as error:
            if seat.guest.over:
                return True
            why, stacks = examine(seat.guest, error)
            self._journal.emit(GUEST_STUCK, who=seat.guest.name, why=why, stacks=stacks)
            seat.stopped = "stuck"
        return not seat.stopped

    def _serve(self, seat: Seat) -> None:
        while not seat.guest.over and not seat.stopped:
            message = seat.next_message()
            kind = message["m"]
            if kind == "idle":
                seat.rest(message["next"], now=self._clock.now)
                return
            if self._comes_early(seat, message["t"]):
                seat.hold(message)
                return
            self._clock.carry_to(message["t"])
            if kind == "ask":
                self._answer(seat, message)
            elif kind == "note":
                seat.note(message["what"], message["fields"])
            else:
                seat.left(message["code"], message["signal"])

    def _answer(self, seat: Seat, message: dict[str, Any]) -> None:
        answer = seat.answers.answer(message["kind"], message["args"])
        if not seat.guest.over:
            until = self._until(seat)
            seat.granted = max(self._clock.now, until)
            seat.guest.send({"m": "answer", "until": until, **seat.answers.state(), **answer})

    def _look(self, reason: str) -> str:
        """The flight ends with guests that wait: note who waits where; return *reason*.

        A ring of threads that wait for each other is a deadlock, whatever the others do; if
        nobody anywhere will ever do anything again, whatever they wait for is one.
        """
        for seat in [each for each in self.seats if not each.guest.over and not each.fresh]:
            seen = seat.look()
            words = [*seen["cycles"], *([seen["words"]] if reason == DEADLOCK else [])]
            why = f"deadlock: {words[0]}" if words else "asked"
            self._journal.emit(GUEST_STUCK, who=seat.guest.name, why=why, stacks=seen["stacks"])
        return reason

    def _debug(self) -> None:
        """Have the first guest that flies enter its debugger, now."""
        now, self._stop_s = self._stop_s, math.inf
        for seat in [each for each in self.seats if not each.guest.over and not each.fresh][:1]:
            seat.guest.post({"key": "debug"}, now=now)
