"""``signal`` on virtual time: handlers run on the main strand, at its switch points.

A handler may itself block (pilot3's waits up to 180 s for its threads): it runs on top of the
interrupted call's own stack, and the call resumes its wait when the handler returns.
"""

from __future__ import annotations

import signal as real
from signal import Signals

from greenlet import getcurrent

IGNORED = {real.SIGCHLD, real.SIGURG, real.SIGWINCH, real.SIGCONT}


class Killed(BaseException):
    """The default action of a signal: the program ends."""

    def __init__(self, number):
        super().__init__(number)
        self.number = number


def install(hub):
    """Replace the functions of ``signal`` that touch the kernel."""
    handlers = dict.fromkeys(Signals, real.SIG_DFL)
    handlers[real.SIGINT] = real.default_int_handler
    alarms = {}

    def set_handler(number, handler):
        if getcurrent() is not hub.main:
            raise ValueError("signal only works in main thread of the main interpreter")
        if number in (real.SIGKILL, real.SIGSTOP):
            raise OSError(22, "Invalid argument")
        if not callable(handler) and handler not in (real.SIG_DFL, real.SIG_IGN):
            raise TypeError("signal handler must be signal.SIG_IGN, SIG_DFL, or a callable object")
        number = Signals(number)
        before, handlers[number] = handlers[number], handler
        return before

    def handle(number):
        handler = handlers[Signals(number)]
        if callable(handler):
            handler(number, hub.main.gr_frame)
        elif handler == real.SIG_DFL and number not in IGNORED:
            raise Killed(number)

    def raise_signal(number):
        if getcurrent() is hub.main:
            handle(number)
        else:
            hub.interrupt(number)

    def setitimer(which, seconds, interval=0.0):
        left = alarms.pop("left", None)
        if seconds:
            alarms["left"] = hub.now + seconds
            hub.spawn(lambda: ring(alarms["left"], interval))
        return (max(left - hub.now, 0.0) if left else 0.0, 0.0)

    def ring(due, interval):
        hub.sleep(due - hub.now)
        while alarms.get("left") == due:
            hub.interrupt(real.SIGALRM)
            if not interval:
                del alarms["left"]
                return
            due = alarms["left"] = hub.now + interval
            hub.sleep(interval)

    def pause():
        hub.wait(hub.waiter())

    hub.handle_signal = handle
    real.signal = set_handler
    real.getsignal = lambda number: handlers[Signals(number)]
    real.raise_signal = raise_signal
    real.setitimer = setitimer
    real.getitimer = lambda which: (max(alarms.get("left", hub.now) - hub.now, 0.0), 0.0)
    real.alarm = lambda seconds: int(setitimer(0, seconds)[0])
    real.pause = pause
    real.siginterrupt = lambda number, flag: None
    real.set_wakeup_fd = lambda fd, warn_on_full_buffer=True: -1
    real.pthread_sigmask = lambda how, mask: set()
    return raise_signal
