"""``_thread`` on the hub: must be installed before anything imports ``threading``.

One adapter per change of ``_thread``: up to 3.12 a thread announces its end through a sentinel,
from 3.13 on through a handle. What is the same in all of them is here.
Read from CPython 3.9 to 3.13: Modules/_threadmodule.c.
"""

from __future__ import annotations

import _thread
import sys

from greenlet import getcurrent

from guest.concurrency import locals as thread_locals
from guest.concurrency import locks
from guest.concurrency.locks import Lock
from guest.concurrency.locks import RLock

MAIN_IDENT = 1000
FIRST_NATIVE = 1_000_000
"""Native ids of threads lie above all pids of the node; that of the main thread is its pid."""


class Threads:
    """The threads of this guest that ``_thread`` started and that have not ended, by ident."""

    def __init__(self, hub):
        self.hub = hub
        self.alive = {}
        self.pid = MAIN_IDENT
        self.closed = False

    def start(self, function, args, kwargs, after=None):
        """Start ``function(*args, **kwargs)`` as a strand; *after* is called when it has ended."""
        strand = self.hub.spawn(lambda: self._live(function, args, kwargs))
        # A thread belongs to the process that started it (see guest.concurrency.forks).
        process = getattr(getcurrent(), "process", None)
        if process is not None:
            strand.process = process
            process.strands.append(strand)
        self.alive[strand.ident] = strand
        strand.after = after
        return strand

    def _live(self, function, args, kwargs):
        strand = getcurrent()
        try:
            # Called so it takes no more of the C stack, which is copied with each switch.
            if not args and not kwargs:
                function()
            else:
                function(*args, **kwargs)
        except SystemExit:
            pass
        except BaseException as error:
            report(error, function)
        finally:
            thread_locals.forget(strand)
            self.bury(strand)

    def bury(self, strand):
        """Forget *strand*, which has ended, and let go on whoever joins it."""
        self.alive.pop(strand.ident, None)
        if strand.after is not None:
            strand.after()
        sentinel = strand.sentinel
        if sentinel is not None and sentinel.locked():
            sentinel.release()

    def start_new_thread(self, function, args, kwargs=None):
        """Stand for ``_thread.start_new_thread``."""
        if not callable(function):
            raise TypeError("first arg must be callable")
        if not isinstance(args, tuple):
            raise TypeError("2nd arg must be a tuple")
        if kwargs is not None and not isinstance(kwargs, dict):
            raise TypeError("optional 3rd arg must be a dictionary")
        return self.start(function, args, kwargs or {}).ident

    def count(self):
        """Stand for ``_thread._count``."""
        return len(self.alive)

    def native_id(self):
        """Stand for ``_thread.get_native_id``."""
        ident = getcurrent().ident
        return self.pid if ident == MAIN_IDENT else FIRST_NATIVE + ident

    def interrupt_main(self, signum=2):
        """Stand for ``_thread.interrupt_main``: nothing happens to a signal without a handler."""
        import signal

        if callable(signal.getsignal(signum)):
            self.hub.interrupt(signum)


def get_ident():
    """Stand for ``_thread.get_ident``: the same numbers in every run."""
    return getcurrent().ident


def install(hub):
    """Replace the blocking parts of ``_thread``; return the threads."""
    threads = Threads(hub)
    hub.root.ident = MAIN_IDENT
    hub.root.sentinel = None
    locks.use(hub)
    _thread.allocate_lock = _thread.allocate = Lock
    _thread.LockType = Lock
    _thread.RLock = RLock
    _thread._local = thread_locals.local
    _thread.get_ident = get_ident
    _thread.get_native_id = threads.native_id
    _thread.start_new_thread = _thread.start_new = threads.start_new_thread
    _thread._count = threads.count
    _thread.interrupt_main = threads.interrupt_main
    # queue then takes the pure Python SimpleQueue: the C one blocks on a lock of its own.
    sys.modules["_queue"] = None
    if hasattr(_thread, "start_joinable_thread"):
        from guest.concurrency import handles as adapter
    else:
        from guest.concurrency import sentinels as adapter
    adapter.install(threads)
    return threads


def report(error, function):
    """Report what a thread of ``start_new_thread`` raised, as the interpreter does."""
    said, blamed = "Exception ignored in thread started by", function
    if sys.version_info >= (3, 13):
        said, blamed = f"{said} {function!r}", None
    place = error.__traceback__.tb_next  # below our own call
    raised = (type(error), error, place, said, blamed)
    sys.unraisablehook(_type_of_unraisable()(raised))


def _type_of_unraisable():
    # sys.unraisablehook takes nothing else, and the type has no name: one has to be made.
    kept, before = [], sys.unraisablehook
    sys.unraisablehook = lambda raised: kept.append(type(raised))
    try:
        Raiser()
    finally:
        sys.unraisablehook = before
    return kept[0]


class Raiser:
    """An object that cannot be finalised."""

    def __del__(self):
        raise ValueError
