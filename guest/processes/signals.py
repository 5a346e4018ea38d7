"""``signal`` on virtual time: handlers run on the main strand, at its switch points.

A handler may itself block (pilot3's waits up to 180 s for its threads): it runs on top of the
interrupted call's own stack, and the call resumes its wait when the handler returns.
Read from CPython 3.11 Modules/signalmodule.c, signal(7), setitimer(2).
"""

from __future__ import annotations

import errno
import os
import signal as real
import sys

from greenlet import getcurrent

OURS = __file__.rpartition("/processes/")[0] + "/"
IGNORED = frozenset((real.SIGCHLD, real.SIGURG, real.SIGWINCH, real.SIGCONT))
# What the interpreter sets when it starts.
FIRST = {
    real.SIGINT: real.default_int_handler,
    real.SIGPIPE: real.SIG_IGN,
    real.SIGXFSZ: real.SIG_IGN,
}
FIXED = (real.SIGKILL, real.SIGSTOP)
TIMERS = (real.ITIMER_REAL, real.ITIMER_VIRTUAL, real.ITIMER_PROF)


class Alarms:
    """The interval timer that rings by SIGALRM; those of CPU time never do, as none is used."""

    def __init__(self, hub):
        self._hub = hub
        self._due = None
        self._interval = 0.0

    def setitimer(self, which, seconds, interval=0.0):
        """Stand for ``signal.setitimer``."""
        before = self.getitimer(which)
        if seconds < 0 or interval < 0:
            raise real.ItimerError(errno.EINVAL, os.strerror(errno.EINVAL))
        if which == real.ITIMER_REAL:
            self._interval = float(interval) if seconds else 0.0
            due = self._due = self._hub.now + seconds if seconds else None
            if due is not None:
                self._hub.spawn(lambda: self._ring(due))
        return before

    def getitimer(self, which):
        """Stand for ``signal.getitimer``."""
        if which not in TIMERS:
            raise real.ItimerError(errno.EINVAL, os.strerror(errno.EINVAL))
        if which != real.ITIMER_REAL or self._due is None:
            return (0.0, 0.0)
        return (max(self._due - self._hub.now, 0.0), self._interval)

    def alarm(self, seconds):
        """Stand for ``signal.alarm``; what was left is rounded, but never to nothing."""
        left, _ = self.setitimer(real.ITIMER_REAL, int(seconds))
        return max(int(left + 0.5), 1) if left else 0

    def part(self):
        """Forget what rings: a forked copy has no alarm."""
        self._due = None

    def _ring(self, due):
        self._hub.sleep(due - self._hub.now)
        while self._due == due:
            self._hub.interrupt(int(real.SIGALRM))
            if not self._interval:
                self._due = None
                return
            due = self._due = self._hub.now + self._interval
            self._hub.sleep(self._interval)


class Handlers:
    """What the program does with each signal, and which of them it blocks."""

    def __init__(self, hub):
        self._hub = hub
        self._kept = {number: FIRST.get(number, real.SIG_DFL) for number in range(1, real.NSIG)}
        self._blocked = set()
        self._pending = []
        self._pausing = []
        self._wakeup = -1

    def signal(self, signalnum, handler):
        """Stand for ``signal.signal``."""
        before = self.getsignal(signalnum)
        me = getcurrent()
        if me is not self._hub.main:
            process = getattr(me, "process", None)
            if process is None or process.strands[0] is not me:
                raise ValueError("signal only works in main thread of the main interpreter")
            return before  # a process of multiprocessing: no signal of its own gets a handler
        if not callable(handler) and handler not in (real.SIG_DFL, real.SIG_IGN):
            raise TypeError("signal handler must be signal.SIG_IGN, SIG_DFL, or a callable object")
        if signalnum in FIXED:
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        self._kept[int(signalnum)] = handler if callable(handler) else real.Handlers(handler)
        return before

    def getsignal(self, signalnum):
        """Stand for ``signal.getsignal``."""
        if int(signalnum) not in self._kept:
            raise ValueError("signal number out of range")
        return self._kept[int(signalnum)]

    def handle(self, number):
        """Do what the program wants done at signal *number*; the caller is the main strand."""
        number = int(number)
        if number in self._blocked:
            if number not in self._pending:
                self._pending.append(number)
            return
        handler = self._kept[number]
        if callable(handler):
            if self._wakeup >= 0:
                os.write(self._wakeup, bytes((number,)))
            handler(number, _interrupted())
            pausing, self._pausing = self._pausing, []
            for waiter in pausing:
                self._hub.wake(waiter)
        elif handler == real.SIG_DFL and number not in IGNORED:
            self._hub.end((0, number))  # at once: nothing is unwound

    def part(self):
        """Forget what is pending: that is the parent's of a forked copy, not the copy's."""
        self._pending, self._pausing = [], []

    def raise_signal(self, signalnum):
        """Stand for ``signal.raise_signal``."""
        if int(signalnum) not in self._kept:
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        if getcurrent() is self._hub.main:
            self.handle(signalnum)
        else:
            self._hub.interrupt(int(signalnum))

    def pthread_kill(self, thread_id, signalnum):
        """Stand for ``signal.pthread_kill``: handlers run on the main thread in any case."""
        if signalnum:
            self.raise_signal(signalnum)

    def pause(self):
        """Stand for ``signal.pause``."""
        waiter = self._hub.waiter()
        self._pausing.append(waiter)
        self._hub.wait(waiter)

    def pthread_sigmask(self, how, mask):
        """Stand for ``signal.pthread_sigmask``: one mask for all threads."""
        before = set(self._blocked)
        mask = {int(each) for each in mask} - set(FIXED)
        if how == real.SIG_BLOCK:
            self._blocked |= mask
        elif how == real.SIG_UNBLOCK:
            self._blocked -= mask
        elif how == real.SIG_SETMASK:
            self._blocked = mask
        else:
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        due = [each for each in self._pending if each not in self._blocked]
        self._pending = [each for each in self._pending if each in self._blocked]
        for number in due:
            self.raise_signal(number)
        return {_named(each) for each in before}

    def sigpending(self):
        """Stand for ``signal.sigpending``."""
        return {_named(each) for each in self._pending}

    def siginterrupt(self, signalnum, flag):
        """Stand for ``signal.siginterrupt``: calls go on in any case."""

    def set_wakeup_fd(self, fd, *, warn_on_full_buffer=True):
        """Stand for ``signal.set_wakeup_fd``."""
        if getcurrent() is not self._hub.main:
            raise ValueError("set_wakeup_fd only works in main thread of the main interpreter")
        before, self._wakeup = self._wakeup, fd
        return before


def _interrupted():
    """Return the innermost frame of the program's own."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(OURS):
        frame = frame.f_back
    return frame


def _named(number):
    try:
        return real.Signals(number)
    except ValueError:
        return number


def install(hub):
    """Replace the functions of ``signal`` that touch the kernel.

    Returns what raises a signal, and what a forked copy calls first.
    """
    alarms, handlers = Alarms(hub), Handlers(hub)

    def part():
        alarms.part()
        handlers.part()

    hub.handle_signal = handlers.handle
    for kind in (alarms, handlers):
        for name in vars(type(kind)):
            if not name.startswith("_") and hasattr(real, name):
                setattr(real, name, getattr(kind, name))
    return handlers.raise_signal, part
