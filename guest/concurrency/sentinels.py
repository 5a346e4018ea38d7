"""CPython 3.9 to 3.12: a thread holds a lock, and whoever joins it waits for that."""

from __future__ import annotations

import _thread
import sys

from greenlet import getcurrent

from guest.concurrency.locks import Lock


def install(threads):
    """Replace ``_thread._set_sentinel``; the end of a thread releases what it has set."""
    _thread._set_sentinel = set_sentinel
    if sys.version_info >= (3, 12):
        _thread.start_new_thread = _thread.start_new = Closing(threads).start_new_thread


def set_sentinel():
    """Return a lock that is released when the calling thread has ended."""
    sentinel = Lock()
    getcurrent().sentinel = sentinel
    return sentinel


class Closing:
    """CPython 3.12 alone starts no threads any more while it waits for the last ones to end."""

    def __init__(self, threads):
        self._threads = threads

    def start_new_thread(self, function, args, kwargs=None):
        """Stand for ``_thread.start_new_thread``."""
        if self._threads.closed:
            raise RuntimeError("can't create new thread at interpreter shutdown")
        return self._threads.start_new_thread(function, args, kwargs)
