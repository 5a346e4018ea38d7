"""``datetime`` on the hub's clock: the C types themselves, with the two methods that read it.

``today`` asks ``time.time`` and needs nothing. A subclass would not do: C code makes instances of
the type itself (``now.date()``, unpickled values), which then are of another type than the one
that the program knows. Read from CPython 3.9 to 3.13 Modules/_datetimemodule.c.
"""

from __future__ import annotations

import datetime as module
import gc
import sys
import time

NO_LONGER = (
    "datetime.datetime.utcnow() is deprecated and scheduled for removal in a future version. "
    "Use timezone-aware objects to represent datetimes in UTC: "
    "datetime.datetime.now(datetime.UTC)."
)


def now(cls, tz=None):
    """Returns new datetime object representing current time local to tz.

    tz
      Timezone object.

    If no tz is specified, uses local timezone."""
    return cls.fromtimestamp(time.time(), tz)


def utcnow(cls):
    """Return a new datetime representing UTC day and time."""
    if sys.version_info >= (3, 12):
        import warnings

        warnings.warn(NO_LONGER, DeprecationWarning, stacklevel=2)
    return cls.fromtimestamp(time.time(), module.timezone.utc).replace(tzinfo=None)


def install():
    """Put the two methods into the type ``datetime.datetime``, which Python code cannot write."""
    from ctypes import py_object
    from ctypes import pythonapi

    # A mapping proxy refers to the dictionary that it is a view of, and to nothing else.
    (methods,) = gc.get_referents(module.datetime.__dict__)
    for method in (now, utcnow):
        method.__module__, method.__qualname__ = "datetime", f"datetime.{method.__name__}"
        methods[method.__name__] = classmethod(method)
    pythonapi.PyType_Modified(py_object(module.datetime))
