"""Pipes of ``multiprocessing``: messages in memory, with the capacity of the real ones.

Imported after ``multiprocessing.connection``, whose base class does the rest. Which process has
which end open is known as after a fork: a child inherits what its parent has open.
"""

from __future__ import annotations

import errno
import io
import os
from itertools import count
from multiprocessing import reduction
from multiprocessing.connection import _ConnectionBase
from weakref import WeakValueDictionary

PIPE_BYTES, SOCKET_BYTES = 65_536, 212_992
HEADER = 4
next_number = count(200_000).__next__
connections = WeakValueDictionary()


class Stream:
    """One direction: messages that nobody has read yet."""

    def __init__(self, capacity):
        self.capacity = capacity
        self.messages = []
        self.size = 0
        self.readers, self.writers = {}, {}
        self.waiters = []

    def changed(self, hub):
        """Wake whoever waits for a message, for room, or for the other end."""
        waiters, self.waiters = self.waiters, []
        for waiter in waiters:
            hub.wake(waiter, True)

    def is_readable(self):
        """Tell whether a read would not block."""
        return bool(self.messages) or not any(self.writers.values())


class Connection(_ConnectionBase):
    """One end of a pipe. *_open* are the processes that have it open."""

    family = None

    def __init__(self, source, target):
        self._number = next_number()
        self._source, self._target = source, target
        self._readable, self._writable = source is not None, target is not None
        self._open = {self.family.here(): None}
        if source is not None:
            source.readers[self._number] = self._open
        if target is not None:
            target.writers[self._number] = self._open
        connections[self._number] = self

    @property
    def _handle(self):
        return self._number if self.family.here() in self._open else None

    @_handle.setter
    def _handle(self, handle):
        """Leave it: the base class says so that it has closed this end, which _close() did."""

    def __del__(self):
        self._open.clear()
        self._tell()

    def _close(self):
        self._open.pop(self.family.here(), None)
        self._tell()

    def _tell(self):
        for stream in (self._source, self._target):
            if stream is not None:
                stream.changed(self.family.hub)

    def is_ready(self):
        """Tell whether a read would not block."""
        return self._source is not None and self._source.is_readable()

    @property
    def waiters(self):
        """Return the list in which to wait for a message."""
        return self._source.waiters

    def _send_bytes(self, buf):
        stream = self._target
        hub = self.family.hub
        self._check_reader(stream)
        data = bytes(buf)
        stream.messages.append(data)
        stream.size += len(data) + HEADER
        stream.changed(hub)
        # A writer is held until all but a pipeful of what it wrote has been read.
        while stream.size > stream.capacity:
            waiter = hub.waiter()
            stream.waiters.append(waiter)
            hub.wait(waiter)
            self._check_reader(stream)

    def _check_reader(self, stream):
        if not any(stream.readers.values()):
            raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))

    def _recv_bytes(self, maxsize=None):
        stream = self._source
        hub = self.family.hub
        while not stream.messages:
            if not any(stream.writers.values()):
                raise EOFError
            waiter = hub.waiter()
            stream.waiters.append(waiter)
            hub.wait(waiter)
        if maxsize is not None and len(stream.messages[0]) > maxsize:
            return None
        data = stream.messages.pop(0)
        stream.size -= len(data) + HEADER
        stream.changed(hub)
        buffer = io.BytesIO()
        buffer.write(data)
        return buffer

    def _poll(self, timeout):
        return bool(wait([self], timeout))


def pipe(duplex=True):
    """Stand for ``multiprocessing.connection.Pipe``."""
    if duplex:
        one, other = Stream(SOCKET_BYTES), Stream(SOCKET_BYTES)
        return Connection(one, other), Connection(other, one)
    stream = Stream(PIPE_BYTES)
    return Connection(stream, None), Connection(None, stream)


def wait(object_list, timeout=None):
    """Stand for ``multiprocessing.connection.wait``; other files are left to ``select``."""
    family = Connection.family
    things = [(each, _thing(family, each)) for each in object_list]
    if any(thing is None for _, thing in things):
        return Connection.true_wait(object_list, timeout)
    deadline = None if timeout is None else family.hub.now + timeout
    # Pool waits for what another of its threads reads: that one has to have a turn.
    family.hub.sleep(0)
    while True:
        ready = [each for each, thing in things if thing.is_ready()]
        left = None if deadline is None else deadline - family.hub.now
        if ready or (left is not None and left <= 0):
            return ready
        waiter = family.hub.waiter()
        for _, thing in things:
            thing.waiters.append(waiter)
        family.hub.wait(waiter, left)


def _thing(family, each):
    if isinstance(each, Connection):
        each._check_closed()
        return each
    number = each if isinstance(each, int) else each.fileno()
    return family.numbers.get(number) or connections.get(number)


def inherit(forked):
    """Open in *forked* what its parent has open."""
    for connection in list(connections.values()):
        if forked.parent in connection._open:
            connection._open[forked] = None


def shut(forked):
    """Close what *forked* had open: it has ended."""
    for connection in list(connections.values()):
        if forked in connection._open:
            del connection._open[forked]
            connection._tell()


def reduce(connection):
    """Pickle *connection*: another one, on the same pipe."""
    return again, (connection.fileno(),)


def again(number):
    """Return a new connection on the pipe of the one that has *number*."""
    first = connections[number]
    return Connection(first._source, first._target)


def install(module, family):
    """Put these in place of what *module*, ``multiprocessing.connection``, has."""
    Connection.family = family
    Connection.true_wait = staticmethod(module.wait)
    Connection.__module__ = module.__name__
    module.Connection, module.Pipe, module.wait = Connection, pipe, wait
    reduction.register(Connection, reduce)
    family.on_birth.append(inherit)
    family.on_end.append(shut)
