"""``_thread`` on the hub: must be installed before anything imports ``threading``.

One adapter per change of ``_thread``: up to 3.12 a thread announces its end through
``_set_sentinel``; 3.13 has thread handles.
"""

from __future__ import annotations

import _thread
import sys

from greenlet import getcurrent

from guest.concurrency.locks import make_lock_types

MAIN_IDENT = 1000


def install(hub):
    """Replace the blocking parts of ``_thread``."""
    lock, rlock = make_lock_types(hub)

    def get_ident():
        return getattr(getcurrent(), "ident", 0) or MAIN_IDENT

    def start_new_thread(function, args, kwargs=None):
        if not callable(function):
            raise TypeError("first arg must be callable")
        if not isinstance(args, tuple):
            raise TypeError("2nd arg must be a tuple")
        return hub.spawn(lambda: _bootstrap(function, args, kwargs or {})).ident

    def set_sentinel():
        sentinel = lock()
        getcurrent().sentinel = sentinel
        return sentinel

    _thread.allocate_lock = _thread.allocate = lock
    _thread.LockType = lock
    _thread.RLock = rlock
    _thread.get_ident = _thread.get_native_id = get_ident
    _thread.start_new_thread = _thread.start_new = start_new_thread
    _thread._set_sentinel = set_sentinel
    _thread._count = lambda: sum(1 for strand in hub.ready if not strand.dead)
    _thread.interrupt_main = lambda signum=2: hub.interrupt(signum)
    # queue then takes the pure Python SimpleQueue: the C one blocks on a lock of its own.
    sys.modules["_queue"] = None
    # threading then takes the pure Python one, which goes by current_thread().
    del _thread._local
    if hasattr(_thread, "_start_joinable_thread"):
        _install_handles(hub, lock)


def _bootstrap(function, args, kwargs):
    try:
        function(*args, **kwargs)
    except SystemExit:
        pass
    except BaseException as error:
        sys.unraisablehook(_Unraisable(error, function))
    finally:
        release_sentinel(getcurrent())


def release_sentinel(strand):
    """Tell whoever joins *strand* that it has ended."""
    sentinel = strand.sentinel
    if sentinel is not None and sentinel.locked():
        sentinel.release()


class _Unraisable:
    def __init__(self, error, function):
        self.exc_type = type(error)
        self.exc_value = error
        self.exc_traceback = error.__traceback__
        self.err_msg = "Exception ignored in thread started by"
        self.object = function


def _install_handles(hub, lock):
    """CPython 3.13: threads are started and joined through handles."""

    class ThreadHandle:
        def __init__(self):
            self.ident = 0
            self._done = False
            self._end = lock()
            self._end.acquire()

        def is_done(self):
            return self._done

        def _set_done(self):
            if not self._done:
                self._done = True
                self._end.release()

        def join(self, timeout=None):
            if self._done:
                return
            if self._end.acquire(True, -1 if timeout is None else max(timeout, 0)):
                self._end.release()

    def start_joinable_thread(function, handle=None, daemon=True):
        handle = handle or ThreadHandle()

        def work():
            try:
                _bootstrap(function, (), {})
            finally:
                handle._set_done()

        strand = hub.spawn(work)
        handle.ident = strand.ident
        strand.handle = None if daemon else handle
        if not daemon:
            joinable.append(handle)
        return handle

    def make_thread_handle(ident):
        handle = ThreadHandle()
        handle.ident = ident
        return handle

    def shutdown():
        while joinable:
            joinable.pop(0).join()

    joinable = []
    _thread._ThreadHandle = ThreadHandle
    _thread._start_joinable_thread = start_joinable_thread
    _thread._make_thread_handle = make_thread_handle
    _thread._get_main_thread_ident = lambda: MAIN_IDENT
    _thread._shutdown = shutdown
