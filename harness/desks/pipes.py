"""Pipes that several guests of one node have open: since a fork they are kept here.

Models the capacity of pipe(7), its ends by process, end of file and broken pipes; a guest that
waits is told when it is worth looking again. Not modelled: atomic writes that wait.
"""

from __future__ import annotations

import errno
from dataclasses import dataclass
from dataclasses import field
from select import POLLERR
from select import POLLHUP
from select import POLLIN
from select import POLLOUT
from typing import Any
from typing import Callable

from harness.desks.caller import Denied

CAPACITY = 65_536
"""Bytes in a pipe that nobody has read yet (pipe(7))."""

READER, WRITER = "reader", "writer"
Post = Callable[[dict[str, Any]], None]


@dataclass(slots=True)
class Pipe:
    """One pipe: what nobody has read, and by pid whom to tell that has an end open."""

    number: int
    data: bytearray
    ends: dict[str, dict[int, Post]] = field(default_factory=lambda: {READER: {}, WRITER: {}})

    def state(self) -> tuple[bool, bool, int, int]:
        """Return whether a read and a write would not block, and what poll(2) says of the ends."""
        reading, writing = bool(self.ends[READER]), bool(self.ends[WRITER])
        room = len(self.data) < CAPACITY
        readable, writable = bool(self.data) or not writing, room or not reading
        read_mask = (POLLIN if self.data else 0) | (0 if writing else POLLHUP)
        write_mask = (POLLOUT if writable else 0) | (0 if reading else POLLERR)
        return readable, writable, read_mask, write_mask

    def tell(self, end: str) -> None:
        """Have those that have *end* open look again."""
        for post in self.ends[end].values():
            post({"key": f"pipe-{self.number}"})


class Pipes:
    """All pipes of one family of guests, by number."""

    def __init__(self) -> None:
        self._pipes: dict[int, Pipe] = {}
        self._count = 0

    def add(self, told: list[dict[str, Any]], *, pid: int, post: Post) -> list[int]:
        """Take over the pipes that the guest *pid* tells of; return their numbers."""
        return [self._add(each, pid, post) for each in told]

    def _add(self, told: dict[str, Any], pid: int, post: Post) -> int:
        self._count += 1
        pipe = self._pipes[self._count] = Pipe(self._count, bytearray(told["data"], "latin-1"))
        for end in (READER, WRITER):
            if told[end]:
                pipe.ends[end][pid] = post
        return pipe.number

    def inherit(self, *, parent: int, child: int, post: Post) -> None:
        """Open for *child* what *parent* has open."""
        for pipe in self._pipes.values():
            for holders in pipe.ends.values():
                if parent in holders:
                    holders[child] = post

    def leave(self, pid: int) -> None:
        """Close what *pid* has open: it has ended."""
        for number in list(self._pipes):
            for end in (READER, WRITER):
                self.close(number, end, pid=pid)

    def close(self, number: int, end: str, *, pid: int) -> None:
        """Close one *end* of a pipe for *pid*."""
        pipe = self._pipes.get(number)
        if pipe is None or pipe.ends[end].pop(pid, None) is None:
            return
        if not pipe.ends[end]:
            pipe.tell(WRITER if end == READER else READER)
        if not any(pipe.ends.values()):
            del self._pipes[number]

    def read(self, number: int, count: int, *, pid: int) -> str | None:
        """Return at most *count* bytes, "" at the end, None if there is nothing yet."""
        pipe = self._of(number, READER, pid)
        if not pipe.data:
            return None if pipe.ends[WRITER] else ""
        was_full = len(pipe.data) >= CAPACITY
        taken = bytes(pipe.data[:count])
        del pipe.data[:count]
        if was_full:
            pipe.tell(WRITER)
        return taken.decode("latin-1")

    def write(self, number: int, data: str, *, pid: int) -> int:
        """Write what there is room for; return how many bytes. Raises Denied (EPIPE)."""
        pipe = self._of(number, WRITER, pid)
        if not pipe.ends[READER]:
            raise Denied(errno.EPIPE, "Broken pipe")
        piece = data[: max(0, CAPACITY - len(pipe.data))]
        was_empty = not pipe.data
        pipe.data += piece.encode("latin-1")
        if was_empty and piece:
            pipe.tell(READER)
        return len(piece)

    def state(self, number: int) -> tuple[bool, bool, int, int]:
        """Return what can be done with a pipe: see ``Pipe.state``."""
        pipe = self._pipes.get(number)
        return (True, True, POLLHUP, POLLERR) if pipe is None else pipe.state()

    def _of(self, number: int, end: str, pid: int) -> Pipe:
        pipe = self._pipes.get(number)
        if pipe is None or pid not in pipe.ends[end]:
            raise Denied(errno.EBADF, "Bad file descriptor")
        return pipe
