"""One guest in the conductor's care: what it is told, what it tells, how it ends."""

from __future__ import annotations

import math
from typing import Any
from typing import Callable

from harness.answers import Answers
from harness.events import GUEST_STUCK
from harness.guests import GuestProcess
from harness.schedules import Choices
from simkernel import HarnessError

SAID_MAX = 200_000
"""Messages at one instant after which a guest is taken to ask for ever."""


class Seat:
    """A guest and its answers; *ended* is told how its program came to its end."""

    def __init__(
        self, guest: GuestProcess, answers: Answers, *, ended: Callable[[int, int], None]
    ) -> None:
        self.guest = guest
        self.answers = answers
        self.ended = ended
        self.fresh = True
        self.stopped = ""
        """Why the flight has to end: its first word is the kind of end."""
        self.granted = guest.next
        self.held: dict[str, Any] | None = None
        """What the guest does at a time that the world has not reached."""
        self.choices = Choices()
        self.differs = ""
        self.switches: list[str] = []
        self.coverage: dict[str, list[int]] = {}
        self._at = guest.next
        self._said = 0
        self._notes: dict[str, Callable[..., None]] = {
            "choice": self._differ,
            "coverage": self._cover,
            "quit": self._quit,
            "stuck": self._stuck,
            "switch": self._switch,
            "trouble": self._trouble,
        }

    def close(self, code: int, signal: int) -> None:
        """End the guest, whatever it is doing, and say how; what it stood in is seen first."""
        if not self.guest.over:
            if not self.fresh:
                self._last_look()
            self.left(code, signal)

    def left(self, code: int, signal: int) -> None:
        """The program has ended by itself."""
        self.guest.end()
        self.answers.standing.close()
        self.ended(code, signal)

    def is_apart(self, seats: list[Seat]) -> bool:
        """Tell whether nothing that the guests of other *seats* do now can reach this one."""
        node = self.answers.caller.node
        others = (each for each in seats if each is not self and not each.guest.over)
        return self.answers.is_apart() and all(
            each.answers.caller.node is not node for each in others
        )

    def next_message(self) -> dict[str, Any]:
        """Return what the guest says next, or what was held."""
        message, self.held = self.held, None
        if message is None:
            message = self.guest.receive()
            self.take(message)
        return message

    def hold(self, message: dict[str, Any]) -> None:
        """Keep *message* until the world has come to its time."""
        self.held = message
        self.guest.next = message["t"]

    def rest(self, deadline: float | None, *, now: float) -> None:
        """The guest has nothing to do before *deadline*, or ever if that is None."""
        self.guest.next = math.inf if deadline is None else deadline
        if self.guest.items:
            self.guest.next = max(now, self._at)

    def take(self, message: dict[str, Any]) -> None:
        """Take what any *message* has with it. Raises HarnessError for one out of its time."""
        instant = message["t"]
        if instant != self._at:
            self._check(instant)
        self._said += 1
        if self._said > SAID_MAX:
            self._stuck(why=f"busy: {SAID_MAX} questions at one instant", stacks="")
        if "stood" in message:
            self.answers.standing.used(message["stood"], message["pid"])
        if "chosen" in message:
            self.choices.add(message["chosen"])

    def note(self, what: str, fields: dict[str, Any]) -> None:
        """Take what the guest only tells: of its instruments here, of the world elsewhere."""
        take = self._notes.get(what)
        if take is None:
            self.answers.note(what, fields)
        else:
            take(**fields)

    def grant(self, *, now: float, until: float) -> None:
        """Let the guest run from *now* up to *until*."""
        self.granted = max(now, until)
        self.guest.resume(now=now, until=until, state=self.answers.state())

    def look(self) -> dict[str, Any]:
        """Return what the guest's strands wait for: words, rings of waits, stacks."""
        seen: dict[str, Any] = self.guest.look(["trouble"])["trouble"]
        return seen

    def _check(self, instant: float) -> None:
        # Conservative time: neither before what it has told already, nor beyond what was granted.
        if instant < self._at or instant > self.granted:
            raise HarnessError(
                f"conservative time is broken: {self.guest.name} speaks of {instant!r} s where it"
                f" was at {self._at!r} s and may go to {self.granted!r} s"
            )
        self._at = self.guest.at = instant
        self._said = 0

    def _last_look(self) -> None:
        wanted = ["trouble", *(["coverage"] if self.guest.covered else [])]
        try:
            seen = self.guest.look(wanted)
        except HarnessError:
            return  # it has died by itself meanwhile: that is told elsewhere
        if seen["trouble"]["cycles"]:
            why = f"deadlock: {seen['trouble']['cycles'][0]}"
            self._trouble(why=why, stacks=seen["trouble"]["stacks"])
        self.coverage = seen.get("coverage", {})

    def _trouble(self, *, why: str, stacks: str) -> None:
        journal = self.answers.caller.journal
        journal.emit(GUEST_STUCK, who=self.guest.name, why=why, stacks=stacks)

    def _stuck(self, *, why: str, stacks: str) -> None:
        self._trouble(why=why, stacks=stacks)
        self.stopped = "stuck"

    def _quit(self) -> None:
        self.stopped = "stopped: by the debugger"

    def _cover(self, **lines: list[int]) -> None:
        self.coverage = lines

    def _switch(self, *, number: int, held: str, instead: str) -> None:
        self.switches.append(f"choice {number}: {held} has to wait; {instead} goes on")

    def _differ(self, *, number: int, index: int, of: int, now: int) -> None:
        recorded = f"thread {index + 1} of {of}" if of else "the end of the schedule"
        self.differs = self.differs or f"choice {number}: recorded {recorded}, now of {now}"
