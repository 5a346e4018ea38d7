"""The processes that ``multiprocessing`` started in this guest, and how they end."""

from __future__ import annotations

import errno
import os
import signal
import threading
from importlib import import_module

from greenlet import getcurrent

from guest.concurrency.abandoned import Abandoned

FIRST_PID = 2_000_000
FIRST_NUMBER = 300_000
HARMLESS = frozenset((0, signal.SIGCHLD, signal.SIGCONT, signal.SIGURG, signal.SIGWINCH))


class Forked:
    """One process; *status* is None, or a number as ``Process.exitcode`` has it."""

    def __init__(self, pid, parent):
        self.pid = pid
        self.parent = parent
        self.number = FIRST_NUMBER + pid - FIRST_PID
        self.strands = []
        self.status = None
        self.reaped = False
        self.process = None
        self.main = None
        self.waiters = []

    def is_ready(self):
        """Tell whether its sentinel is: the process has ended."""
        return self.status is not None


class Family:
    """All processes of this guest by pid; None stands for the guest itself."""

    def __init__(self, hub):
        self.hub = hub
        self.threads = hub.threads
        self.members = {}
        self.numbers = {}
        self.on_birth = []
        self.on_end = []
        self._graves = []
        self._true_getpid, self._true_getppid = os.getpid, os.getppid
        self._true_kill, self._true_exit = os.kill, os._exit

    def __reduce__(self):
        # A function of ours that is pickled is found again under its name, as any is.
        return import_module, ("os",)

    def install(self):
        """Replace the functions of ``os`` and ``threading`` that a process asks about itself."""
        os.getpid, os.getppid = self.getpid, self.getppid
        os.kill, os._exit = self.kill, self._exit
        threading.enumerate, threading.active_count = self.enumerate, self.active_count
        threading.main_thread = self.main_thread

    def here(self):
        """Return the process that the caller belongs to, None for the guest itself."""
        return getattr(getcurrent(), "process", None) if self.members else None

    def start(self, work):
        """Start ``work(forked)``, whose result is an exit code, as a process of its own."""
        forked = Forked(FIRST_PID + len(self.members), self.here())
        self.members[forked.pid] = self.numbers[forked.number] = forked
        for birth in self.on_birth:
            birth(forked)
        strand = self.threads.start(lambda: self._live(forked, work), (), {})
        strand.process = forked
        if forked.parent is not None:
            forked.parent.strands.remove(strand)
        forked.strands.append(strand)
        return forked

    def _live(self, forked, work):
        self.end(forked, work(forked) & 0xFF)

    def end(self, forked, status):
        """End *forked* with *status*; if the caller is part of it, this never returns."""
        if forked.status is not None:
            return
        forked.status = status
        me = getcurrent()
        for strand in forked.strands:
            if not strand.dead:
                self._abandon(strand)
        for end in self.on_end:
            end(forked)
        waiters, forked.waiters = forked.waiters, []
        for waiter in waiters:
            self.hub.wake(waiter, True)
        while me in forked.strands:
            self.hub.root.switch()

    def _abandon(self, strand):
        self._graves.append(strand)
        strand.__class__ = Abandoned
        thread = threading._active.pop(strand.ident, None)
        if thread is not None and hasattr(thread, "_is_stopped"):
            thread._is_stopped = True
        self.threads.bury(strand)

    def wait(self, forked, timeout=None):
        """Wait until *forked* has ended, at most *timeout* seconds; tell whether it has."""
        if forked.status is None:
            waiter = self.hub.waiter()
            forked.waiters.append(waiter)
            self.hub.wait(waiter, timeout)
        return forked.status is not None

    # -- what programs call

    def getpid(self):
        """Stand for ``os.getpid``."""
        forked = self.here()
        return self._true_getpid() if forked is None else forked.pid

    def getppid(self):
        """Stand for ``os.getppid``."""
        forked = self.here()
        if forked is None:
            return self._true_getppid()
        return self._true_getpid() if forked.parent is None else forked.parent.pid

    def kill(self, pid, number):
        """Stand for ``os.kill``. A handler that the parent set saves no process of ours."""
        forked = self.members.get(pid)
        if forked is None:
            return self._true_kill(pid, number)
        if forked.reaped:
            raise ProcessLookupError(errno.ESRCH, os.strerror(errno.ESRCH))
        if number not in HARMLESS:
            self.end(forked, -int(number))
        return None

    def _exit(self, code):
        """Stand for ``os._exit``."""
        forked = self.here()
        if forked is None:
            self._true_exit(code)
        self.end(forked, code & 0xFF)

    def enumerate(self):
        """Stand for ``threading.enumerate``: the threads of other processes are not seen."""
        with threading._active_limbo_lock:
            known = list(threading._active.values()) + list(threading._limbo.values())
        if not self.members:
            return known
        here = self.here()
        return [thread for thread in known if self._process_of(thread) is here]

    def _process_of(self, thread):
        strand = self.threads.alive.get(thread.ident)
        return getattr(strand, "process", None)

    def main_thread(self):
        """Stand for ``threading.main_thread``."""
        forked = self.here()
        return threading._main_thread if forked is None else forked.main

    def active_count(self):
        """Stand for ``threading.active_count``."""
        return len(self.enumerate())
