"""What a storage element lets whom do: owners and modes of files, quotas, a disk before a tape.

Models pnfs as pilots met it when gLExec had switched their identity: who wrote a file owns it, and
nobody else removes it, writes over it or, if its mode says so, reads it. A quota limits what one
owner, or everybody together ("*"), may keep. On a tape system a file that is not on disk is staged
first, by one of a few drives, and stays pinned for a while. Off by default. Not modelled: groups,
access lists, folders.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from dataclasses import field
from typing import Any
from typing import Generator
from typing import Iterable
from typing import Mapping

import simpy

from simkernel import Clock

Work = Generator[simpy.Event, Any, Any]
ANYBODY = "*"
NOBODY = "nobody"
OTHERS_READ = 0o004


class StorageError(Exception):
    """A storage element said no: *kind* is one of KINDS, *path* the file it was about."""

    KINDS = (
        "missing",
        "exists",
        "space",
        "quota",
        "denied",
        "forbidden",
        "unavailable",
        "readonly",
        "checksum",
    )

    def __init__(self, kind: str, path: str, text: str = "") -> None:
        assert kind in self.KINDS, kind
        super().__init__(text or f"{kind}: {path}")
        self.kind = kind
        self.path = path
        self.text = text
        self.software = ""


@dataclass(frozen=True, slots=True)
class Tape:
    """A tape behind a disk: a file takes *stage_s* to come, by *drives*, and stays for *pin_s*."""

    stage_s: float = 1200.0
    pin_s: float = 86_400.0
    drives: int = 4


@dataclass(frozen=True, slots=True)
class Rules:
    """What an element asks of its users; *quotas* are in bytes, by owner or "*" for everybody.

    With *owners* a file belongs to who wrote it, with *file_mode*; *tape* is None for a disk.
    """

    owners: bool = False
    file_mode: int = 0o644
    quotas: Mapping[str, int] = field(default_factory=dict)
    tape: Tape | None = None


def check_reader(rules: Rules, *, owner: str, user: str, path: str) -> None:
    """Raise StorageError (forbidden) if *user* may not read a file of *owner*."""
    if rules.owners and owner not in ("", user) and not rules.file_mode & OTHERS_READ:
        raise StorageError("forbidden", path, f"Permission denied: {path} is owned by {owner}")


def check_owner(rules: Rules, *, owner: str, user: str, path: str) -> None:
    """Raise StorageError (forbidden) if *user* may not remove, or write over, a file of *owner*."""
    if rules.owners and owner not in ("", user):
        raise StorageError("forbidden", path, f"Permission denied: {path} is owned by {owner}")


def check_quota(
    rules: Rules, held: Iterable[tuple[str, int]], *, user: str, more: int, path: str
) -> None:
    """Raise StorageError (quota) if *user* may not keep *more* bytes besides those *held*."""
    if not rules.quotas:
        return
    kept = list(held)
    for name in (user, ANYBODY):
        limit = rules.quotas.get(name)
        used = sum(size for owner, size in kept if name in (owner, ANYBODY))
        if limit is not None and used + more > limit:
            text = f"Disk quota exceeded: {used + more} of {limit} bytes for {name}"
            raise StorageError("quota", path, text)


class Movers:
    """What carries the copies of one door: a count, and those who wait, in their order."""

    __slots__ = ("_clock", "_limit", "_running", "_waiting")

    def __init__(self, limit: int, clock: Clock) -> None:
        self._limit = limit
        self._clock = clock
        self._running = 0
        self._waiting: deque[simpy.Event] = deque()

    def take(self) -> Work:
        """Wait for a turn; who is interrupted or closed meanwhile has none."""
        if not self._limit or self._running < self._limit:
            self._running += 1
            return
        turn = self._clock.event()
        self._waiting.append(turn)
        try:
            yield turn
        except BaseException:
            if turn.triggered:
                self.give_back()
            else:
                self._waiting.remove(turn)
            raise

    def give_back(self) -> None:
        """End a turn: it goes to the one that has waited longest."""
        if self._waiting:
            self._waiting.popleft().succeed()
        else:
            self._running -= 1


class Stage:
    """Which files of a tape are on its disk, and until when."""

    def __init__(self, tape: Tape, clock: Clock) -> None:
        self.tape = tape
        self._clock = clock
        self._drives = Movers(tape.drives, clock)
        self._until: dict[str, float] = {}

    def pin(self, path: str) -> None:
        """Keep *path* on disk for the time of a pin from now on."""
        self._until[path] = self._clock.now + self.tape.pin_s

    def drop(self, path: str) -> None:
        """Have *path* on tape only."""
        self._until.pop(path, None)

    def is_online(self, path: str) -> bool:
        """Tell whether *path* is on disk."""
        return self._until.get(path, -1.0) >= self._clock.now

    def recall(self, path: str) -> Work:
        """Wait until *path* is on disk, and pin it there; return the seconds that it took."""
        began = self._clock.now
        if not self.is_online(path):
            yield from self._drives.take()
            try:
                # Another reader may have had it staged while this one waited for a drive.
                if not self.is_online(path):
                    yield self._clock.timeout(self.tape.stage_s)
            finally:
                self._drives.give_back()
        self.pin(path)
        return self._clock.now - began
