"""``os.pipe`` between the threads of this guest: a read blocks its strand, not the interpreter.

Both ends have numbers like those of sockets, which ``os``, ``select`` and ``open`` know, and can be
put on 0, 1 and 2, where commands and ``print`` find them. Read from pipe(7), dup(2). Not modelled:
atomic writes that wait; that a stream which somebody kept from before dup2 follows it.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from select import POLLERR
from select import POLLHUP
from select import POLLIN
from select import POLLOUT

from guest.network.home import failure
from guest.network.home import home
from guest.network.home import wait_until
from guest.network.numbers import FIRST_NUMBER
from guest.network.numbers import numbers

CAPACITY = 65_536


class End:
    """One end of a pipe; *refs* counts its descriptors."""

    def __init__(self, data):
        self.data = data
        self.other = None
        self.blocking = True
        self.refs = 0
        self.watchers = []

    def release(self):
        """The last descriptor was closed."""
        self.changed()
        self.other.changed()

    def changed(self):
        """Wake everybody who waits for this end; they look for themselves."""
        watchers, self.watchers[:] = self.watchers[:], []
        for waiter in watchers:
            home.hub.wake(waiter, True)

    def receive(self, size, flags, timeout):
        """Refuse: nothing can be read from the writing end."""
        raise failure(errno.EBADF)

    def send(self, data, flags, timeout):
        """Refuse: nothing can be written to the reading end."""
        raise failure(errno.EBADF)


class Reader(End):
    """The end to read from."""

    def is_ready(self):
        """Tell whether a read would not block."""
        return bool(self.data) or not self.other.refs

    def poll_mask(self):
        """Return what poll(2) says of this end."""
        return (POLLIN if self.data else 0) | (0 if self.other.refs else POLLHUP)

    def receive(self, size, flags, timeout):
        """Return at most *size* bytes, b"" at the end. Raises OSError (EAGAIN)."""
        if not self.is_ready():
            if timeout == 0:
                raise failure(errno.EAGAIN)
            wait_until(self.watchers, self.is_ready, timeout)
        taken = bytes(self.data[:size])
        del self.data[:size]
        self.other.changed()
        return taken


class Writer(End):
    """The end to write to."""

    def is_ready(self):
        """Tell whether a write would not block."""
        return len(self.data) < CAPACITY or not self.other.refs

    def poll_mask(self):
        """Return what poll(2) says of this end."""
        return (POLLOUT if self.is_ready() else 0) | (0 if self.other.refs else POLLERR)

    def send(self, data, flags, timeout):
        """Write *data*, or what there is room for unless it may block; return how much."""
        view = memoryview(data).cast("B")
        sent = 0
        while True:
            if not self.other.refs:
                raise failure(errno.EPIPE)
            piece = view[sent : sent + CAPACITY - len(self.data)]
            self.data += piece
            sent += len(piece)
            self.other.changed()
            if sent == len(view) or (sent and timeout == 0):
                return sent
            if timeout == 0:
                raise failure(errno.EAGAIN)
            wait_until(self.watchers, self.is_ready, timeout)


class Numbered(io.RawIOBase):
    """A file on a number of ours."""

    def __init__(self, number, mode, closefd):
        numbers.get(number)
        self.name, self.mode = number, mode
        self._closefd = closefd

    def fileno(self):
        return self.name

    def readable(self):
        return not set(self.mode).isdisjoint("r+")

    def writable(self):
        return not set(self.mode).isdisjoint("wax+")

    def readinto(self, target):
        try:
            data = os.read(self.name, len(target))
        except BlockingIOError:
            return None
        target[: len(data)] = data
        return len(data)

    def write(self, data):
        try:
            return os.write(self.name, data)
        except BlockingIOError:
            return None

    def close(self):
        if not self.closed:
            super().close()
            if self._closefd:
                os.close(self.name)


def pipe2(flags=0):
    """Stand for ``os.pipe2``."""
    data = bytearray()
    reader, writer = Reader(data), Writer(data)
    reader.other, writer.other = writer, reader
    reader.blocking = writer.blocking = not flags & os.O_NONBLOCK
    return numbers.open(reader), numbers.open(writer)


def pipe():
    """Stand for ``os.pipe``."""
    return pipe2()


def is_ours(file):
    """Tell whether *file* is a number of a pipe or socket of this guest."""
    return isinstance(file, int) and (file >= FIRST_NUMBER or file in numbers.table)


class Duplicates:
    """``os.dup2`` for numbers of either kind; the standard streams follow."""

    def __init__(self):
        self._true = os.dup2
        self._before = {}

    def dup2(self, fd, fd2, inheritable=True):
        """Stand for ``os.dup2``."""
        table = numbers.table
        if fd not in table and fd2 not in table:
            return self._true(fd, fd2, inheritable)
        if fd == fd2:
            return fd2
        if fd in table:
            end = table[fd]
            end.refs += 1
            if fd2 in table:
                numbers.close(fd2)
            table[fd2] = end
        else:
            if fd2 < FIRST_NUMBER:
                self._true(fd, fd2, inheritable)
            numbers.close(fd2)
        self._follow(fd2)
        return fd2

    def _follow(self, number):
        name = {1: "stdout", 2: "stderr"}.get(number)
        if name is None:
            return
        if number not in numbers.table:
            setattr(sys, name, self._before.pop(number, getattr(sys, f"__{name}__")))
            return
        self._before.setdefault(number, getattr(sys, name))
        setattr(sys, name, open_number(number, "w", 1 if number == 2 else -1, closefd=False))


def open_number(
    file,
    mode="r",
    buffering=-1,
    encoding=None,
    errors=None,
    newline=None,
    closefd=True,
    opener=None,
):
    """Return what ``open`` gives for a number of ours."""
    raw = Numbered(file, mode, closefd)
    if buffering == 0:
        return raw
    buffer = (io.BufferedReader if raw.readable() else io.BufferedWriter)(raw)
    if "b" in mode:
        return buffer
    text = io.TextIOWrapper(buffer, encoding, errors, newline, buffering == 1)
    text.mode = mode
    return text


def install():
    """Replace ``os.pipe``, ``os.pipe2`` and ``os.dup2``."""
    os.pipe, os.pipe2 = pipe, pipe2
    os.dup2 = Duplicates().dup2
