"""``time`` and ``datetime`` on the hub's clock.

The C functions of ``time`` are replaced in the module, before anything can bind them.
``datetime`` keeps its C types: subclasses whose now/utcnow/today read the hub, with a
metaclass so that instances that C code makes are still instances.
"""

from __future__ import annotations

import time as real
from _functools import partial

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

    replacements = {
        "time": now,
        "monotonic": monotonic,
        "perf_counter": monotonic,
        # The program's own computing takes no virtual time.
        "process_time": lambda: 0.0,
        "thread_time": lambda: 0.0,
        "clock_gettime": clock_gettime,
    }
    replacements.update({f"{name}_ns": in_ns(each) for name, each in replacements.items()})
    replacements.update(
        sleep=sleep, localtime=localtime, gmtime=gmtime, strftime=strftime, asctime=asctime
    )
    replacements["ctime"] = ctime
    for name, function in replacements.items():
        # A partial, like the C function it stands for, does not turn into a method when a
        # class keeps it as an attribute (logging.Formatter.converter = time.gmtime).
        setattr(real, name, partial(function))


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
