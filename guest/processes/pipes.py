"""The streams of a child: what it writes, what it reads, and where its output goes."""

from __future__ import annotations

import io
import os

FIRST_NUMBER = 100_000
PIPE_CAPACITY = 65_536


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


class Input(io.BufferedIOBase):
    """The writing end of a child's stdin.

    What is written and closed without a flush goes to the child as a whole, when it starts. A
    flush, or a look at the child before that, starts it at once; then its input follows it.
    """

    CAPACITY = 8192
    """Bytes that are kept until they are written through, once the child runs (io's buffer)."""

    def __init__(self, begin, feed, *, at_once):
        self._begin = begin
        self._feed = feed
        self._at_once = at_once
        self._kept = bytearray()
        self._begun = False
        self.closing = False

    def writable(self):
        return True

    def fileno(self):
        raise io.UnsupportedOperation("fileno")

    def write(self, data):
        if self.closed:
            raise ValueError("write to closed file")
        view = memoryview(data).cast("B")
        self._kept += view
        if self._at_once or (self._begun and len(self._kept) > self.CAPACITY):
            self.flush()
        return len(view)

    def begin(self):
        """Start the child, if it has not been started: somebody wants to see it run."""
        if not self._begun:
            self._begun = True
            kept, self._kept = bytes(self._kept), bytearray()
            self._begin(kept[:PIPE_CAPACITY], feed=True)
            if len(kept) > PIPE_CAPACITY:
                self._feed(kept[PIPE_CAPACITY:], end=False)

    def flush(self):
        if self.closed or self.closing:
            return
        if not self._begun:
            self.begin()
        elif self._kept:
            kept, self._kept = bytes(self._kept), bytearray()
            self._feed(kept, end=False)

    def close(self):
        if not self.closed:
            self.closing = True
            kept = bytes(self._kept)
            super().close()
            if self._begun:
                self._feed(kept, end=True)
            else:
                self._begun = True
                self._begin(kept, feed=False)


class TextInput(io.TextIOWrapper):
    """The same for text: to close it is no flush before."""

    def close(self):
        if not self.closed:
            self.buffer.closing = True
        super().close()


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
