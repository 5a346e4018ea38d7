"""The streams of a child: what it writes, what it reads, and where its output goes."""

from __future__ import annotations

import io
import os

FIRST_NUMBER = 100_000


class Buffer:
    """What a child has written to one pipe and nobody has read yet; reading blocks the strand."""

    __slots__ = ("_data", "_ended", "_hub", "_number", "_table", "_waiters")

    def __init__(self, hub, table):
        self._hub = hub
        self._table = table
        self._number = 0
        self._data = bytearray()
        self._ended = False
        self._waiters = []

    def feed(self, data):
        """Append what the child has written."""
        self._data += data
        if self._waiters:
            self._wake()

    def end(self):
        """The child has closed its end."""
        self._ended = True
        if self._waiters:
            self._wake()

    def _wake(self):
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            self._hub.wake(waiter, True)

    def is_ready(self):
        """Tell whether a read would not block."""
        return bool(self._data) or self._ended

    def so_far(self):
        """Return what was not read yet, and leave it."""
        return bytes(self._data)

    def take(self, count):
        """Block until there is something or the end, and return at most *count* bytes."""
        while not self.is_ready():
            self._wait()
        data = bytes(self._data[:count])
        del self._data[:count]
        return data

    def take_all(self):
        """Block until the end and return everything that was not read yet."""
        while not self._ended:
            self._wait()
        data = bytes(self._data)
        self._data.clear()
        return data

    def ends_by(self, instant):
        """Block until the end, but not beyond *instant*; tell whether it has come."""
        while not self._ended and self._hub.now < instant:
            self._wait(instant - self._hub.now)
        return self._ended

    def _wait(self, timeout=None):
        waiter = self._hub.waiter()
        self._waiters.append(waiter)
        self._hub.wait(waiter, timeout)

    def fileno(self):
        """Return a number by which select finds this pipe; given when it is first asked for."""
        if not self._number:
            self._number = FIRST_NUMBER + len(self._table)
            self._table[self._number] = self
        return self._number


class Pipe(io.RawIOBase):
    """The reading end of a child's stream, as a file."""

    def __init__(self, buffer):
        self._buffer = buffer

    def readable(self):
        return True

    def fileno(self):
        return self._buffer.fileno()

    def readinto(self, target):
        data = self._buffer.take(len(target))
        target[: len(data)] = data
        return len(data)


class Input(io.BytesIO):
    """The writing end of a child's stdin: the child starts when it is closed."""

    def __init__(self, begin):
        super().__init__()
        self._begin = begin

    def close(self):
        if not self.closed:
            data = self.getvalue()
            super().close()
            self._begin(data)


class Sink:
    """Where one stream of a child goes: a pipe, a file of the program, or nowhere."""

    __slots__ = ("fd", "pipe")

    def __init__(self, pipe=None, fd=None):
        self.pipe = pipe
        self.fd = fd

    def put(self, data):
        """Take what the child wrote."""
        if self.pipe is not None:
            self.pipe.feed(data)
        elif self.fd is not None:
            os.write(self.fd, data)

    def end(self):
        """The child writes no more."""
        if self.pipe is not None:
            self.pipe.end()
        elif self.fd is not None:
            os.close(self.fd)
            self.fd = None


# What a stream is after communicate() has emptied it.
SPENT, SPENT_TEXT = io.BytesIO(), io.StringIO()
SPENT.close()
SPENT_TEXT.close()
