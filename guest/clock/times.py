"""``time`` on the hub's clock.

The C functions are replaced in the module, before anything can bind them, by methods of one
object: like the C functions, they do not turn into methods of a class that keeps them as an
attribute (logging.Formatter.converter = time.gmtime).
Read from CPython 3.11 Modules/timemodule.c, clock_gettime(2).
"""

from __future__ import annotations

import time as real
from errno import EINVAL
from errno import EPERM

from greenlet import getcurrent

READS_MAX = 20_000
SLEEP_MAX = 9_223_372_036.0
READ_S = 1e-6
"""What reading a clock of CPU time costs of it: so that who waits for it gets somewhere."""

TAI_OFFSET = 37.0
RESOLUTION = 1e-9
REALTIME, MONOTONIC, PROCESS, THREAD = 0, 1, 2, 3
ALIKE = {REALTIME: REALTIME, 5: REALTIME, 8: REALTIME, 11: REALTIME}
ALIKE.update({MONOTONIC: MONOTONIC, 4: MONOTONIC, 6: MONOTONIC, 7: MONOTONIC, 9: MONOTONIC})
ALIKE.update({PROCESS: PROCESS, THREAD: THREAD})
TAI = 11

# Clock -> what get_clock_info says of it: implementation, monotonic, adjustable.
ABOUT = {
    "time": ("clock_gettime(CLOCK_REALTIME)", False, True),
    "monotonic": ("clock_gettime(CLOCK_MONOTONIC)", True, False),
    "perf_counter": ("clock_gettime(CLOCK_MONOTONIC)", True, False),
    "process_time": ("clock_gettime(CLOCK_PROCESS_CPUTIME_ID)", True, False),
    "thread_time": ("clock_gettime(CLOCK_THREAD_CPUTIME_ID)", True, False),
}

true_localtime, true_gmtime = real.localtime, real.gmtime
true_strftime, true_asctime = real.strftime, real.asctime


class Clock:
    """The functions of ``time`` for the guest of *hub*; *used* is its CPU time (seconds)."""

    __slots__ = ("hub", "used")

    def __init__(self, hub):
        self.hub = hub
        self.used = 0.0

    def __reduce__(self):
        # A function of ours that is pickled is found again under its name, as any is.
        from importlib import import_module

        return import_module, ("time",)

    def time(self):
        hub = self.hub
        hub.reads += 1
        if hub.reads > READS_MAX:
            hub.count_read()
        return hub.posix

    def monotonic(self):
        hub = self.hub
        hub.reads += 1
        if hub.reads > READS_MAX:
            hub.count_read()
        return hub.now

    perf_counter = monotonic

    def process_time(self):
        self.time()
        self.used += READ_S
        return self.used

    def thread_time(self):
        self.process_time()
        kept = vars(getcurrent())
        kept["used"] = kept.get("used", 0.0) + READ_S
        return kept["used"]

    def time_ns(self):
        return round(self.time() * 1e9)

    def monotonic_ns(self):
        return round(self.monotonic() * 1e9)

    perf_counter_ns = monotonic_ns

    def process_time_ns(self):
        return round(self.process_time() * 1e9)

    def thread_time_ns(self):
        return round(self.thread_time() * 1e9)

    def sleep(self, seconds):
        if not 0 <= seconds <= SLEEP_MAX:
            refuse_sleep(seconds)
        self.hub.sleep(seconds + 0.0)

    def clock_gettime(self, clock):
        which = _known(clock)
        if which == REALTIME:
            return self.time() + (TAI_OFFSET if clock == TAI else 0.0)
        if which == MONOTONIC:
            return self.monotonic()
        return self.process_time() if which == PROCESS else self.thread_time()

    def clock_gettime_ns(self, clock):
        return round(self.clock_gettime(clock) * 1e9)

    def clock_getres(self, clock):
        _known(clock)
        return RESOLUTION

    def clock_settime(self, clock, moment):
        _known(clock)
        raise PermissionError(EPERM, "Operation not permitted")

    clock_settime_ns = clock_settime

    def get_clock_info(self, name):
        if name not in ABOUT:
            raise ValueError("unknown clock")
        from types import SimpleNamespace

        implementation, monotonic, adjustable = ABOUT[name]
        return SimpleNamespace(
            implementation=implementation,
            monotonic=monotonic,
            adjustable=adjustable,
            resolution=RESOLUTION,
        )

    def localtime(self, seconds=None):
        return true_localtime(self.time() if seconds is None else seconds)

    def gmtime(self, seconds=None):
        return true_gmtime(self.time() if seconds is None else seconds)

    def strftime(self, form, moment=None):
        return true_strftime(form, self.localtime() if moment is None else moment)

    def asctime(self, moment=None):
        return true_asctime(self.localtime() if moment is None else moment)

    def ctime(self, seconds=None):
        return true_asctime(self.localtime(seconds))


def _known(clock):
    # A clock of another thread or process (pthread_getcpuclockid) has a negative number.
    which = THREAD if isinstance(clock, int) and clock < 0 else ALIKE.get(clock)
    if which is None:
        if not isinstance(clock, int):
            raise TypeError(f"{type(clock).__name__!r} object cannot be interpreted as an integer")
        raise OSError(EINVAL, "Invalid argument")
    return which


def refuse_sleep(seconds):
    if seconds != seconds:
        raise ValueError("Invalid value NaN (not a number)")
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    raise OverflowError("timestamp too large to convert to C PyTime_t")


def install_time(hub):
    """Replace what reads the clock or sleeps in the module ``time``; return the clock."""
    clock = Clock(hub)
    for name in vars(Clock):
        if not name.startswith("_") and hasattr(real, name):
            setattr(real, name, getattr(clock, name))
    return clock
