"""The model in real life: one lock, one clock, one store around it.

Requests take effect one after another. What one changed is committed before its answer leaves and
before anybody else sees it, so nothing that was said is ever taken back. When a commit fails,
the server says no more: what is in memory is ahead of what is kept.
"""

from __future__ import annotations

import math
import threading
from contextlib import contextmanager
from random import Random
from typing import Iterable
from typing import Iterator
from typing import TextIO
from typing import cast

from fakeserver.keeping import Change
from fakeserver.live.clock import LiveClock
from fakeserver.live.faults import ROOM as FAULT_ROOM
from fakeserver.live.faults import FaultTable
from fakeserver.live.mail import Mail
from fakeserver.live.tables import TABLE_ROOM
from fakeserver.live.tables import TRACE_ROOM
from fakeserver.live.tables import Tables
from fakeserver.policy import Policy
from fakeserver.server import PandaServer
from fakeserver.store import Store
from simkernel import HarnessError
from simkernel import Journal

OWN = "live."
"""Rooms with such a name are of the live server itself, not of the model."""
SELF_ROOM = "live.server"
TIDY_S = 60.0
"""Between two looks at what has no deadline: the archive, alarms, the history."""


class StoppedError(HarnessError):
    """The server can no longer keep what it says."""


class Lines:
    """What the journal writes, until it is committed."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def write(self, line: str) -> int:
        """Take one line."""
        self._lines.append(line)
        return len(line)

    def take(self) -> list[str]:
        """Return the lines since this was last asked."""
        taken, self._lines = self._lines, []
        return taken


class LiveServer:
    """A PanDA server that keeps what it says; *model* is to be touched inside ``effect`` only.

    *generation* counts the starts of this store, *begun* is the first of them (POSIX seconds).
    """

    def __init__(
        self,
        store: Store,
        *,
        policy: Policy,
        seed: str = "1",
        clock: LiveClock | None = None,
        copy: TextIO | None = None,
        mail: Mail | None = None,
    ) -> None:
        """Take up what is in *store*; *copy* gets every line of the journal as well.

        *mail* gets what there is to say of alarms.
        """
        own = store.room(SELF_ROOM).get("", {})
        self.store = store
        self.clock = clock or LiveClock()
        self.clock.ahead_s += float(own.get("ahead_s", 0.0))
        self.begun = float(own.get("begun", self.clock.now()))
        self.generation = int(own.get("generation", 0)) + 1
        self.faults = FaultTable(store.room(FAULT_ROOM))
        self._lines = Lines()
        self._copy = copy
        self._mail = mail
        self._lock = threading.Lock()
        self._failure = ""
        self._tidied_at = -math.inf
        self.model = self._restored(policy, seed)
        self.tables = Tables(self.model)
        self.tables.restore(store.room(TABLE_ROOM), store.room(TRACE_ROOM))
        self._commit((self._own(),))

    @contextmanager
    def effect(self) -> Iterator[PandaServer]:
        """Give the model to one request; what it changed is committed when the block ends.

        That is also so when the block raises: memory and store never differ. Raises StoppedError
        when it cannot be committed, and from then on.
        """
        with self._lock:
            if self._failure:
                raise StoppedError(self._failure)
            try:
                yield self.model
            finally:
                self._commit()

    def advance(self, seconds: float) -> float:
        """Advance the clock, let everything happen that is due by then, and return the instant."""
        with self.effect() as model:
            now = self.clock.advance(seconds)
            model.reap(now)
            model.watch(now)
            self._commit((self._own(),))
        return now

    def reap(self) -> None:
        """Let everything happen that is due, and now and then look whether anything else is."""
        with self.effect() as model:
            now = self.clock.now()
            deadline = model.next_deadline(now)
            due = deadline is not None and deadline <= now
            tidy = now >= self._tidied_at + TIDY_S
            if due or tidy:
                model.reap(now)
            if tidy:
                self._tidied_at = now
                model.watch(now)

    def close(self) -> None:
        """End: no more effects."""
        with self._lock:
            self._failure = self._failure or "the server has stopped"
            self.store.close()

    @property
    def failure(self) -> str:
        """Return why nothing has any effect any more, empty as long as it has."""
        return self._failure

    def _restored(self, policy: Policy, seed: str) -> PandaServer:
        journal = Journal(lambda: self.clock.now() - self.begun, stream=cast("TextIO", self._lines))
        journal.count = self.store.next_line
        # Another stream of chance each time: identifiers must not come twice.
        rng = Random(f"{seed}/server/{self.generation}")
        model = PandaServer(self.clock.now, journal, rng=rng, policy=policy)
        model.restore(each for each in self.store.records() if not each.room.startswith(OWN))
        if self.store.durable:
            model.keep()
        return model

    def _own(self) -> Change:
        content = {
            "ahead_s": self.clock.ahead_s,
            "begun": self.begun,
            "generation": self.generation,
        }
        return Change(SELF_ROOM, "", content)

    def _commit(self, more: Iterable[Change] = ()) -> None:
        changes = [*self.model.changes(), *self.faults.changes(), *more]
        if self.store.durable:
            changes += self.tables.changes()
        lines = self._lines.take()
        # They are in the store; in memory they would grow for days.
        self.model.journal.events.clear()
        try:
            self.store.commit(changes, lines)
            if self._copy is not None:
                self._copy.writelines(lines)
            if self._mail is not None:
                self._mail.tell(lines, begun=self.begun)
        except (HarnessError, OSError) as error:
            self._failure = str(error)
            raise StoppedError(str(error)) from error
