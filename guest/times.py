"""``time`` and ``datetime`` on the hub's clock.

The C functions of ``time`` are replaced in the module, before anything can bind them.
``datetime`` keeps its C types: subclasses whose now/utcnow/today read the hub, with a
metaclass so that instances that C code makes are still instances.
"""

from __future__ import annotations

import time as real

REAL_LOCALTIME = real.localtime
REAL_GMTIME = real.gmtime
REAL_STRFTIME = real.strftime
REAL_ASCTIME = real.asctime


def install_time(hub):
    """Replace what reads the clock or sleeps in the module ``time``."""

    def now():
        hub.reads += 1
        if hub.reads > 20_000:
            hub.count_read()
        return hub.posix

    def monotonic():
        hub.reads += 1
        if hub.reads > 20_000:
            hub.count_read()
        return hub.now

    def sleep(seconds):
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        hub.sleep(seconds + 0.0)

    def clock_gettime(clock):
        return now() if clock == real.CLOCK_REALTIME else monotonic()

    def in_ns(function):
        return lambda *args: round(function(*args) * 1e9)

    def localtime(seconds=None):
        return REAL_LOCALTIME(now() if seconds is None else seconds)

    def gmtime(seconds=None):
        return REAL_GMTIME(now() if seconds is None else seconds)

    def strftime(form, moment=None):
        return REAL_STRFTIME(form, localtime() if moment is None else moment)

    def asctime(moment=None):
        return REAL_ASCTIME(localtime() if moment is None else moment)

    def ctime(seconds=None):
        return REAL_ASCTIME(localtime(seconds))

    real.time, real.time_ns = now, in_ns(now)
    real.monotonic, real.monotonic_ns = monotonic, in_ns(monotonic)
    real.perf_counter, real.perf_counter_ns = monotonic, in_ns(monotonic)
    # The program's own computing takes no virtual time.
    real.process_time, real.process_time_ns = (lambda: 0.0), (lambda: 0)
    real.thread_time, real.thread_time_ns = (lambda: 0.0), (lambda: 0)
    real.clock_gettime, real.clock_gettime_ns = clock_gettime, in_ns(clock_gettime)
    real.sleep = sleep
    real.localtime, real.gmtime = localtime, gmtime
    real.strftime, real.asctime, real.ctime = strftime, asctime, ctime


def install_datetime():
    """Give ``datetime`` types whose no-argument constructors read the virtual clock."""
    import datetime as module

    true_datetime = module.datetime
    true_date = module.date

    class DateMeta(type):
        def __instancecheck__(cls, value):
            return isinstance(value, true_date)

        def __subclasscheck__(cls, other):
            return issubclass(other, true_date)

    class DatetimeMeta(DateMeta):
        def __instancecheck__(cls, value):
            return isinstance(value, true_datetime)

        def __subclasscheck__(cls, other):
            return issubclass(other, true_datetime)

    class date(true_date, metaclass=DateMeta):
        @classmethod
        def today(cls):
            return cls.fromtimestamp(real.time())

    class datetime(true_datetime, metaclass=DatetimeMeta):
        @classmethod
        def now(cls, tz=None):
            return cls.fromtimestamp(real.time(), tz)

        @classmethod
        def utcnow(cls):
            return cls.fromtimestamp(real.time(), module.timezone.utc).replace(tzinfo=None)

        @classmethod
        def today(cls):
            return cls.fromtimestamp(real.time())

    for cls in (date, datetime):
        cls.__module__ = "datetime"
        cls.__qualname__ = cls.__name__
    module.date, module.datetime = date, datetime
