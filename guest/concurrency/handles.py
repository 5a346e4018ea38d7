"""CPython 3.13: threads are started and joined through handles.

Read from CPython 3.13 Modules/_threadmodule.c (ThreadHandle_*, thread_shutdown).
"""

from __future__ import annotations

import _thread

from greenlet import getcurrent

from guest.concurrency.locks import Lock

MAIN_IDENT = 1000


class ThreadHandle:
    """What a thread is joined by; *ident* is 0 before it has been started."""

    def __init__(self):
        self.ident = 0
        self._done = False
        self._end = Lock()
        self._end.acquire()

    def is_done(self):
        return self._done

    def _set_done(self):
        if not self.ident:
            raise RuntimeError("thread not started")
        if not self._done:
            self._done = True
            self._end.release()

    def join(self, timeout=None):
        if not self.ident:
            raise RuntimeError("thread not started")
        if self._done:
            return
        if self.ident == getcurrent().ident:
            raise RuntimeError("Cannot join current thread")
        if self._end.acquire(True, -1 if timeout is None or timeout < 0 else timeout):
            self._end.release()

    def __repr__(self):
        return f"<_ThreadHandle object: ident={self.ident}>"


class Joinable:
    """Starts threads with handles, and joins those that the end of the program waits for."""

    def __init__(self, threads):
        self._threads = threads
        self._awaited = {}

    def start(self, function, handle=None, daemon=True):
        """Stand for ``_thread.start_joinable_thread``."""
        if not callable(function):
            raise TypeError("thread function must be callable")
        handle = ThreadHandle() if handle is None else handle
        if not isinstance(handle, ThreadHandle):
            raise TypeError("'handle' must be a _ThreadHandle")
        if handle.ident:
            raise RuntimeError("thread already started")
        strand = self._threads.start(function, (), {}, lambda: self._end(handle))
        handle.ident = strand.ident
        if not daemon:
            self._awaited[strand.ident] = handle
        return handle

    def _end(self, handle):
        handle._set_done()
        self._awaited.pop(handle.ident, None)

    def shutdown(self):
        """Stand for ``_thread._shutdown``: wait for all threads that are no daemons."""
        me = getcurrent().ident
        while True:
            others = [handle for ident, handle in self._awaited.items() if ident != me]
            if not others:
                return
            others[0].join()


def make_thread_handle(ident):
    """Stand for ``_thread._make_thread_handle``: of a thread that runs already."""
    handle = ThreadHandle()
    handle.ident = ident
    return handle


def main_ident():
    """Stand for ``_thread._get_main_thread_ident``."""
    return MAIN_IDENT


def install(threads):
    """Replace what 3.13 starts, joins and awaits threads with."""
    joinable = Joinable(threads)
    _thread.lock = Lock
    _thread._ThreadHandle = ThreadHandle
    _thread.start_joinable_thread = joinable.start
    _thread._make_thread_handle = make_thread_handle
    _thread._get_main_thread_ident = main_ident
    _thread._shutdown = joinable.shutdown
