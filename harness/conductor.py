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

from harness.answers import Answers
from harness.events import GUEST_STUCK
from harness.guests import GuestProcess
from simkernel import Clock
from simkernel import HarnessError
from simkernel import Journal

COMPLETE = "complete"
HORIZON = "horizon"
DEADLOCK = "deadlock"
STUCK = "stuck"


class Seat:
    """One guest in the conductor's care; *ended* is told how its program came to its end."""

    def __init__(
        self, guest: GuestProcess, answers: Answers, *, ended: Callable[[int, int], None]
    ) -> None:
        self.guest = guest
        self.answers = answers
        self.ended = ended
        self.fresh = True

    def signal(self, number: int) -> None:
        """Bring a signal to the program."""
        self.guest.items.append({"key": "signal", "signal": number})

    def close(self, code: int, signal: int) -> None:
        """End the guest and say how."""
        if not self.guest.over:
            self.guest.end()
            self.answers.standing.close()
            self.ended(code, signal)


class Conductor:
    """Conducts one flight up to *horizon_s* seconds after its start."""

    def __init__(self, clock: Clock, journal: Journal, *, horizon_s: float) -> None:
        self._clock = clock
        self._journal = journal
        self._horizon_s = horizon_s
        self._seats: list[Seat] = []

    def seat(self, seat: Seat) -> None:
        """Take a guest that has just been started."""
        self._seats.append(seat)

    def run(self, over: Callable[[], bool]) -> str:
        """Conduct until *over* says so; return the reason for the end."""
        while not over():
            seat = self._first()
            theirs = math.inf if seat is None else seat.guest.next
            ours = self._clock.peek()
            if min(ours, theirs) == math.inf:
                return self._deadlock()
            if min(ours, theirs) > self._horizon_s:
                return HORIZON
            if seat is None or ours <= theirs:
                self._clock.step()
            elif not self._turn(seat):
                return STUCK
        return COMPLETE

    def close(self) -> None:
        """End every guest that is left, without ceremony."""
        for seat in self._seats:
            if not seat.guest.over:
                seat.guest.end()

    def _first(self) -> Seat | None:
        waiting = [seat for seat in self._seats if not seat.guest.over]
        return min(waiting, key=lambda seat: seat.guest.next, default=None)

    def _until(self, seat: Seat) -> float:
        others = (each.guest.next for each in self._seats if each is not seat)
        return min(self._clock.peek(), min(others, default=math.inf), self._horizon_s)

    def _turn(self, seat: Seat) -> bool:
        """Let the guest of *seat* run; return False if it hangs in real time, or has died."""
        self._clock.carry_to(max(seat.guest.next, self._clock.now))
        try:
            if not seat.fresh:
                state = seat.answers.state()
                seat.guest.resume(now=self._clock.now, until=self._until(seat), state=state)
            seat.fresh = False
            self._serve(seat)
        except HarnessError as error:
            if seat.guest.over:
                return True
            self._journal.emit(GUEST_STUCK, who=seat.guest.name, why=error.what, stacks="")
            return False
        return True

    def _serve(self, seat: Seat) -> None:
        while not seat.guest.over:
            message = seat.guest.receive()
            self._clock.carry_to(message["t"])
            if "stood" in message:
                seat.answers.standing.used(message["stood"], message["pid"])
            kind = message["m"]
            if kind == "ask":
                self._answer(seat, message)
            elif kind == "note":
                seat.answers.note(message["what"], message["fields"])
            elif kind == "exit":
                seat.close(message["code"], message["signal"])
            else:
                deadline = math.inf if message["next"] is None else message["next"]
                seat.guest.next = self._clock.now if seat.guest.items else deadline
                return

    def _answer(self, seat: Seat, message: dict[str, Any]) -> None:
        answer = seat.answers.answer(message["kind"], message["args"])
        if not seat.guest.over:
            state = seat.answers.state()
            seat.guest.send({"m": "answer", "until": self._until(seat), **state, **answer})

    def _deadlock(self) -> str:
        """Nobody will ever do anything again: ask the guests who waits where."""
        for seat in [each for each in self._seats if not each.guest.over]:
            seat.guest.items.append({"key": "stacks"})
            seat.guest.next = self._clock.now
            self._turn(seat)
        return DEADLOCK
