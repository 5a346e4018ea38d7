"""``select.epoll``: level- or edge-triggered, once or again and again.

Read from Linux: fs/eventpoll.c. Not modelled: an epoll that another one watches.
"""

from __future__ import annotations

import errno
import os
import select as real
import stat

from guest.network.home import failure
from guest.network.selects import ALWAYS
from guest.network.selects import mask_of
from guest.network.selects import number_of
from guest.network.selects import thing_of
from guest.network.selects import wait_for_any

FLAGS = real.EPOLLET | real.EPOLLONESHOT | real.EPOLLEXCLUSIVE
EPOLL_NUMBER = 199_999
"""All of them have one number: nobody waits for an epoll by another."""

_true_fstat = os.fstat


class Epoll:
    """``select.epoll``."""

    def __init__(self, sizehint=-1, flags=0):
        self._asked = {}
        self._seen = {}
        self._number = EPOLL_NUMBER
        self.closed = False

    @classmethod
    def fromfd(cls, fd):
        raise failure(errno.EINVAL)

    def fileno(self):
        self._check()
        return self._number

    def close(self):
        self.closed = True
        self._asked.clear()

    def _check(self):
        if self.closed:
            raise ValueError("I/O operation on closed epoll object")

    def _known(self, fd):
        self._check()
        number = number_of(fd)
        if mask_of(number) & real.POLLNVAL:
            self._asked.pop(number, None)
            raise failure(errno.EBADF)
        return number

    def register(self, fd, eventmask=real.EPOLLIN | real.EPOLLPRI | real.EPOLLOUT):
        number = self._known(fd)
        if number in self._asked and self._asked[number][1] is thing_of(number):
            raise failure(errno.EEXIST)
        if thing_of(number) is None:
            _refuse_file(number)
        self._asked[number] = (eventmask, thing_of(number))
        self._seen.pop(number, None)

    def modify(self, fd, eventmask):
        number = self._known(fd)
        if number not in self._asked:
            raise failure(errno.ENOENT)
        self._asked[number] = (eventmask, thing_of(number))
        self._seen.pop(number, None)

    def unregister(self, fd):
        number = self._known(fd)
        if number not in self._asked:
            raise failure(errno.ENOENT)
        del self._asked[number]

    def poll(self, timeout=None, maxevents=-1):
        self._check()
        if maxevents != -1 and maxevents <= 0:
            raise ValueError(f"maxevents must be greater than 0, got {maxevents}")
        seconds = None if timeout is None or timeout < 0 else timeout
        found = wait_for_any(self._found, lambda: self._asked, seconds)
        found = found if maxevents == -1 else found[:maxevents]
        for number, _ in found:
            self._report(number)
        return found

    def _found(self):
        found = []
        for number, (mask, thing) in list(self._asked.items()):
            if thing is not None and thing_of(number) is not thing:
                # Closed since: a kernel forgets it by itself.
                del self._asked[number]
                continue
            ready = mask_of(number) & (mask | ALWAYS) if mask & ~FLAGS else 0
            if ready and self._seen.get(number) != (ready, getattr(thing, "changes", None)):
                found.append((number, ready))
        return found

    def _report(self, number):
        mask, thing = self._asked[number]
        if mask & real.EPOLLONESHOT:
            self._asked[number] = (mask & FLAGS, thing)
        elif mask & real.EPOLLET:
            ready = mask_of(number) & (mask | ALWAYS)
            self._seen[number] = (ready, getattr(thing, "changes", None))

    def __enter__(self):
        self._check()
        return self

    def __exit__(self, *exc_info):
        self.close()


def _refuse_file(number):
    """Raise, as epoll does for files and folders. Raises OSError (EPERM)."""
    mode = _true_fstat(number).st_mode
    if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
        raise failure(errno.EPERM)
