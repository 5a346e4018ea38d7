"""``select``, ``poll`` and ``epoll`` on virtual time, and with them ``selectors`` and ``asyncio``.

They wait for sockets, for the pipes of children, and for whatever else has a number in one of
the tables handed in: an object with ``is_ready()`` (a read would not block) and a list
``_waiters``; ``poll_mask()`` if it knows more. Real files count as ready, as they do for real.
Read from CPython 3.11: Modules/selectmodule.c. Not modelled: out-of-band data, priorities.
"""

from __future__ import annotations

import errno
import math
import os
import select as real
import sys

from guest.network.home import failure
from guest.network.home import home
from guest.network.numbers import numbers

READ = real.POLLIN | real.POLLHUP | real.POLLERR
WRITE = real.POLLOUT | real.POLLERR
ALWAYS = real.POLLERR | real.POLLHUP | real.POLLNVAL

_tables = [numbers.table]
_true_fstat = os.fstat


def number_of(each):
    """Return the number of what a program passes as a file. Raises TypeError, ValueError."""
    number = each
    if not isinstance(each, int):
        if not hasattr(each, "fileno"):
            raise TypeError("argument must be an int, or have a fileno() method.")
        number = each.fileno()
        if not isinstance(number, int):
            raise TypeError("fileno() returned a non-integer")
    if number < 0:
        raise ValueError(f"file descriptor cannot be a negative integer ({number})")
    return number


def thing_of(number):
    """Return what has *number* in one of the tables, or None for a real file."""
    for table in _tables:
        thing = table.get(number)
        if thing is not None:
            return thing
    return None


def mask_of(number):
    """Return what poll(2) says of *number* now."""
    thing = thing_of(number)
    if thing is None:
        try:
            _true_fstat(number)
        except OSError:
            return real.POLLNVAL
        return real.POLLIN | real.POLLOUT
    if hasattr(thing, "poll_mask"):
        return thing.poll_mask()
    return real.POLLIN if thing.is_ready() else 0


def wait_for_any(found, asked, timeout):
    """Block until *found* returns something, or *timeout* seconds passed; return what it found.

    *asked* returns the numbers to watch.
    """
    hub = home.hub
    deadline = None if timeout is None else hub.now + timeout
    while True:
        result = found()
        if result or (deadline is not None and hub.now >= deadline):
            return result
        _wait(asked(), deadline)


def _wait(asked, deadline):
    hub = home.hub
    things = [thing for thing in map(thing_of, asked) if thing is not None]
    moments = [each.ready_at() for each in things if hasattr(each, "ready_at")]
    moments = [each for each in (*moments, deadline) if each is not None]
    waiter = hub.waiter()
    watched = [each.watchers if hasattr(each, "watchers") else each._waiters for each in things]
    for each in watched:
        each.append(waiter)
    try:
        hub.wait(waiter, max(min(moments) - hub.now, 0) if moments else None)
    finally:
        waiter.done = True
        for thing in things:
            # Asked again: some replace their list when they wake.
            each = thing.watchers if hasattr(thing, "watchers") else thing._waiters
            if waiter in each:
                each.remove(waiter)


def select(rlist, wlist, xlist, timeout=None):
    """``select.select``."""
    if timeout is not None:
        if not isinstance(timeout, (int, float)):
            raise TypeError("timeout must be a float or None")
        if timeout < 0:
            raise ValueError("timeout must be non-negative")
    readers = [(each, number_of(each)) for each in rlist]
    writers = [(each, number_of(each)) for each in wlist]
    others = [(each, number_of(each)) for each in xlist]
    asked = [number for _, number in (*readers, *writers, *others)]

    def found():
        masks = {number: mask_of(number) for number in asked}
        if real.POLLNVAL in masks.values():
            raise failure(errno.EBADF)
        ready = [each for each, number in readers if masks[number] & READ]
        free = [each for each, number in writers if masks[number] & WRITE]
        return (ready, free, []) if ready or free else None

    return wait_for_any(found, lambda: asked, timeout) or ([], [], [])


class Poll:
    """``select.poll``."""

    def __init__(self):
        self._asked = {}

    def register(self, fd, eventmask=real.POLLIN | real.POLLPRI | real.POLLOUT):
        self._asked[number_of(fd)] = eventmask

    def modify(self, fd, eventmask):
        number = number_of(fd)
        if number not in self._asked:
            raise failure(errno.ENOENT)
        self._asked[number] = eventmask

    def unregister(self, fd):
        del self._asked[number_of(fd)]

    def poll(self, timeout=None):
        if timeout is not None and not isinstance(timeout, (int, float)):
            raise TypeError("timeout must be an integer or None")
        seconds = None if timeout is None or timeout < 0 else math.ceil(timeout) / 1000.0
        return wait_for_any(self._found, lambda: self._asked, seconds)

    def _found(self):
        masks = ((each, mask_of(each) & (mask | ALWAYS)) for each, mask in self._asked.items())
        return [(number, mask) for number, mask in masks if mask]


def install(pipes):
    """Replace what ``select`` offers; *pipes* is one more table of numbers."""
    _tables.append(pipes)
    from guest.network.epolls import Epoll

    real.select, real.poll, real.epoll = select, Poll, Epoll
    import selectors

    # It has bound the true ones if it came before us, as attributes of its classes.
    selectors.SelectSelector._select = staticmethod(select)
    selectors.PollSelector._selector_cls = Poll
    selectors.EpollSelector._selector_cls = Epoll
    # The C half of asyncio keeps its running loop by OS thread, of which all strands share one.
    sys.modules["_asyncio"] = None
