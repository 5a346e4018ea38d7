"""``queue.Queue.get`` of an empty queue in one step, which is what pilots do all day.

The library takes and lets go the queue's lock, twice for a wait. Where nobody holds it, nothing
can happen in between, and it is left alone. All else is the library's. Not for a chooser, to which
each use of a lock is a point where another thread may go on. Read from CPython 3.9 to 3.13
Lib/queue.py.
"""

from __future__ import annotations

from guest.afterwards import afterwards
from guest.concurrency.locks import Lock

hub = None
"""The hub of this guest (see ``install``)."""
library_get = Empty = None


def get(self, block=True, timeout=None):
    """Remove and return an item from the queue.

    If optional args 'block' is true and 'timeout' is None (the default),
    block if necessary until an item is available. If 'timeout' is
    a non-negative number, it blocks at most 'timeout' seconds and raises
    the Empty exception if no item was available within that time.
    Otherwise ('block' is false), return an item if one is immediately
    available, else raise the Empty exception ('timeout' is ignored
    in that case).
    """
    mutex = self.mutex
    if type(mutex) is not Lock or mutex._held is not None or self._qsize():
        return library_get(self, block, timeout)
    if getattr(self, "is_shutdown", False):
        return library_get(self, block, timeout)
    if not block:
        raise Empty
    if timeout is None or timeout <= 0:
        return library_get(self, block, timeout)
    end = hub.now + timeout
    limit = end - hub.now
    if limit <= 0:
        return library_get(self, block, timeout)
    if _is_told(self.not_empty._waiters, limit):
        # As if it had waited all the time: not a moment longer, and the first that is awake.
        return library_get(self, True, max(end - hub.now, 0.0))
    if mutex._held is None and not self._qsize():
        raise Empty
    return library_get(self, False)


def _is_told(waiters, limit):
    """Wait among *waiters*, as a condition does; tell whether that was ended by ``notify``."""
    waiter = hub.sleeper()
    waiters.append(waiter)
    try:
        hub.sleep(limit, waiter)
    finally:
        told = waiter.value is True
        if told:
            waiter.strand.sleeper = None
        elif waiters and waiters[0] is waiter:
            waiters.popleft()
        elif waiter in waiters:
            waiters.remove(waiter)
    return told


def change(queue):
    """Replace ``get`` of the class Queue of the module *queue*, which was just imported."""
    global library_get, Empty
    library_get, Empty = queue.Queue.get, queue.Empty
    if hub.compiled is not None:
        hub.compiled.install_queues(queue.Queue, Empty, get, library_get)
    else:
        queue.Queue.get = get


def install(the_hub):
    """Replace it as soon as ``queue`` is imported; conditions have been."""
    global hub
    hub = the_hub
    afterwards.change("queue", change)
