"""``threading.Condition.wait`` in one step: of the library's, half the time goes into a lock.

There a waiter is a lock that is made, taken, waited for and let go. Here it is what the hub wakes,
with the ``release`` that ``notify`` calls. Not for a chooser, to which each use of a lock is a
point where another thread may go on. Read from CPython 3.9 to 3.13 Lib/threading.py.
"""

from __future__ import annotations

import threading

from greenlet import getcurrent

from guest.concurrency.locks import Lock
from guest.concurrency.locks import RLock
from guest.hub import Waiter

library_wait = threading.Condition.wait
hub = None
"""The hub of this guest (see ``install``)."""


def release(waiter):
    """Wake *waiter*, as ``notify`` does; who waits no longer is not told."""
    hub.wake(waiter, True)


def wait(self, timeout=None):
    """Wait until notified or until a timeout occurs.

    If the calling thread has not acquired the lock when this method is
    called, a RuntimeError is raised.
    """
    lock = self._lock
    kind = type(lock)
    owned = lock._held is not None if kind is Lock else kind is RLock and lock._is_owned()
    if not owned or (timeout is not None and timeout <= 0):
        return library_wait(self, timeout)
    waiter = hub.sleeper()
    waiters = self._waiters
    waiters.append(waiter)
    if kind is RLock:
        state = lock._release_save()
    elif lock._waiters:
        lock._pass_on()
    else:
        lock._held = None
    try:
        if timeout is None:
            hub.wait(waiter)
        else:
            hub.sleep(timeout, waiter)
    finally:
        told = waiter.value is True
        if kind is RLock:
            lock._acquire_restore(state)
        elif lock._held is None:
            lock._held = hub.current
        else:
            lock.acquire()
        if told:
            getcurrent().sleeper = None
        elif waiters and waiters[0] is waiter:
            waiters.popleft()
        elif waiter in waiters:
            waiters.remove(waiter)
    return told


def install(the_hub):
    """Replace the method."""
    global hub
    hub = the_hub
    Waiter.release = release
    if hub.compiled is not None:
        hub.compiled.install_conditions(threading.Condition, wait)
    else:
        threading.Condition.wait = wait
