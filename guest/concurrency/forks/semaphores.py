"""``_multiprocessing`` on the hub: the semaphore under every lock of ``multiprocessing``.

Read from CPython 3.11 Modules/_multiprocessing/semaphore.c.
"""

from __future__ import annotations

import sys
from collections import deque
from itertools import count
from types import ModuleType
from weakref import WeakValueDictionary

from greenlet import getcurrent

RECURSIVE_MUTEX, SEMAPHORE = 0, 1
known = WeakValueDictionary()
next_handle = count(1).__next__


class SemLock:
    """A semaphore, or a lock that its owner may take again."""

    SEM_VALUE_MAX = 2**31 - 1
    _hub = None

    def __init__(self, kind, value, maxvalue, name, unlink):
        if kind not in (RECURSIVE_MUTEX, SEMAPHORE):
            raise ValueError("unrecognized kind")
        if not 0 <= value <= maxvalue:
            raise ValueError("semaphore value out of range")
        self.kind, self.maxvalue = kind, maxvalue
        self.name = None if unlink else name
        self.handle = next_handle()
        self._value = value
        self._taken = 0
        self._owner = None
        self._waiters = deque()
        known[self.handle] = self

    @classmethod
    def _rebuild(cls, handle, kind, maxvalue, name):
        return known[handle]

    def acquire(self, block=True, timeout=None):
        me = getcurrent()
        if self.kind == RECURSIVE_MUTEX and self._is_mine():
            self._taken += 1
            return True
        if self._value > 0:
            self._value -= 1
        elif not (block and (timeout is None or timeout > 0) and self._queue_up(timeout)):
            return False
        self._taken += 1
        self._owner = me
        return True

    def _queue_up(self, timeout):
        waiter = self._hub.waiter()
        self._waiters.append(waiter)
        try:
            return self._hub.wait(waiter, timeout) is True
        except BaseException:
            if waiter.done and waiter.value is True:
                self._hand_over()
            waiter.done = True
            raise

    def _hand_over(self):
        while self._waiters:
            waiter = self._waiters.popleft()
            # A process that was ended while it waited takes nothing.
            if not waiter.done and not waiter.strand.dead:
                self._hub.wake(waiter, True)
                return
        self._value += 1

    def release(self):
        if self.kind == RECURSIVE_MUTEX:
            if not self._is_mine():
                raise AssertionError("attempt to release recursive lock not owned by thread")
            if self._taken > 1:
                self._taken -= 1
                return
        elif self.maxvalue != self.SEM_VALUE_MAX and self._value >= self.maxvalue:
            raise ValueError("semaphore or lock released too many times")
        self._taken -= 1
        self._hand_over()

    def __enter__(self):
        return self.acquire()

    def __exit__(self, kind=None, error=None, trace=None):
        self.release()

    def _count(self):
        return self._taken

    def _is_mine(self):
        return self._taken > 0 and self._owner is getcurrent()

    def _get_value(self):
        return self._value

    def _is_zero(self):
        return self._value == 0

    def _after_fork(self):
        self._taken = 0


def install(hub):
    """Put a module of that name where ``multiprocessing`` finds it."""
    SemLock._hub = hub
    module = ModuleType("_multiprocessing")
    module.SemLock = SemLock
    module.sem_unlink = unlink
    module.flags = {}
    sys.modules["_multiprocessing"] = module


def unlink(name):
    """Stand for ``_multiprocessing.sem_unlink``: semaphores have no names here."""
