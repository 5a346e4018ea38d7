"""Locks on virtual time: what ``_thread`` offers, on the hub.

``threading`` builds Condition, Event, Semaphore, Timer and Thread on these two, ``queue`` and
``concurrent.futures`` on those. Locks are handed over in the order of asking.
Read from CPython 3.11: Modules/_threadmodule.c, Lib/threading.py (_RLock).
"""

from __future__ import annotations

from _collections import deque

from greenlet import getcurrent

TIMEOUT_MAX = 9223372036.0


def make_lock_types(hub):
    """Return the Lock and RLock classes that block on *hub*."""
    serial = [0]

    class Lock:
        """A lock whose waiters are strands."""

        __slots__ = ("__weakref__", "_held", "_number", "_waiters")

        def __init__(self):
            serial[0] += 1
            self._number = serial[0]
            self._held = False
            self._waiters = None

        def __hash__(self):
            # Sets of locks (threading keeps one) must not be ordered by address.
            return self._number

        def __eq__(self, other):
            return self is other

        def acquire(self, blocking=True, timeout=-1):
            if timeout is None or not isinstance(timeout, (int, float)):
                raise TypeError(f"{type(timeout).__name__!r} cannot be a timeout in seconds")
            if not blocking and timeout != -1:
                raise ValueError("can't specify a timeout for a non-blocking call")
            if timeout < 0 and timeout != -1:
                raise ValueError("timeout value must be a non-negative number")
            if timeout > TIMEOUT_MAX:
                raise OverflowError("timeout value is too large")
            if not self._held:
                self._held = True
                return True
            if not blocking or timeout == 0:
                return False
            return self._queue_up(timeout)

        def _queue_up(self, timeout):
            waiter = hub.waiter()
            if self._waiters is None:
                self._waiters = deque()
            self._waiters.append(waiter)
            try:
                return hub.wait(waiter, None if timeout == -1 else timeout) is True
            except BaseException:
                # A signal handler raised out of the wait: the lock must not go to nobody.
                if waiter.done and waiter.value is True:
                    self.release()
                waiter.done = True
                raise

        def release(self):
            if not self._held:
                raise RuntimeError("release unlocked lock")
            waiters = self._waiters
            while waiters:
                waiter = waiters.popleft()
                if not waiter.done:
                    hub.wake(waiter, True)
                    return
            self._held = False

        def locked(self):
            return self._held

        def _at_fork_reinit(self):
            self._held = False
            self._waiters = None

        def __enter__(self):
            return self.acquire()

        def __exit__(self, *exc_info):
            self.release()

        def __repr__(self):
            state = "locked" if self._held else "unlocked"
            return f"<{state} _thread.lock object number {self._number}>"

        acquire_lock = acquire
        release_lock = release
        locked_lock = locked

    class RLock:
        """A lock that its owner may take again."""

        __slots__ = ("__weakref__", "_block", "_count", "_owner")

        def __init__(self):
            self._block = Lock()
            self._owner = None
            self._count = 0

        def acquire(self, blocking=True, timeout=-1):
            me = getcurrent()
            if self._owner is me:
                self._count += 1
                return True
            taken = self._block.acquire(blocking, timeout)
            if taken:
                self._owner = me
                self._count = 1
            return taken

        def release(self):
            if self._owner is not getcurrent():
                raise RuntimeError("cannot release un-acquired lock")
            self._count -= 1
            if not self._count:
                self._owner = None
                self._block.release()

        def locked(self):
            return self._count > 0

        def __enter__(self):
            return self.acquire()

        def __exit__(self, *exc_info):
            self.release()

        def _acquire_restore(self, state):
            self._block.acquire()
            self._count, self._owner = state

        def _release_save(self):
            if not self._count:
                raise RuntimeError("cannot release un-acquired lock")
            state = (self._count, self._owner)
            self._count = 0
            self._owner = None
            self._block.release()
            return state

        def _is_owned(self):
            return self._owner is getcurrent()

        def _recursion_count(self):
            return self._count if self._is_owned() else 0

        def _at_fork_reinit(self):
            self._block._at_fork_reinit()
            self._owner = None
            self._count = 0

        def __repr__(self):
            return f"<_thread.RLock object owner={self._owner!r} count={self._count}>"

    return Lock, RLock
