"""``ctypes`` as far as pilots use it: a C library of a few functions, all simulated.

pilot3 asks prctl(2) to adopt orphaned grandchildren (pilot/control/job.py). Any other library
or function is refused: native code would not be held by the first wall.
"""

from __future__ import annotations

import errno
import os
import sys
from types import ModuleType

from guest.host import place

PR_SET_CHILD_SUBREAPER = 36
SONAME = "libc.so.6"
LIBC = (None, SONAME, "libc.so", "c")


class Natives:
    """What stands behind the simulated library: the *host*, and the program's *root*."""

    host = None
    root = ""


def refuse(target):
    """Note the attempt with its call site, and raise OSError."""
    Natives.host.note("escape", kind="library", target=target, place=place(Natives.root))
    raise OSError(errno.EPERM, f"refused by the simulation: {target}")


class Libc:
    """The C library of the simulated node."""

    def __init__(self, name=None, *args, **kwargs):
        if name not in LIBC:
            refuse(f"library {name}")
        self._name = name or SONAME

    def prctl(self, option, *args):
        """Adopt orphans from now on; nothing else of a process is simulated, or fails."""
        if getattr(option, "value", option) == PR_SET_CHILD_SUBREAPER:
            Natives.host.ask("subreaper", place=place(Natives.root))
        return 0

    def getpid(self):
        """Return the pid on the simulated node."""
        return os.getpid()

    def sched_getcpu(self):
        """Return the processor that the program runs on: always the first."""
        return 0

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return refuse(f"libc.{name}")


class Loader:
    """``ctypes.cdll``, through which libraries are also reached."""

    def LoadLibrary(self, name):
        """Return the library *name*."""
        return Libc(name)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Libc(name)


def find_library(name):
    """Return the name under which the library *name* is loaded: there is but one."""
    return SONAME if name == "c" else None


def install(host, root):
    """Replace the loaders of ``ctypes``, whenever the program may import it."""
    import ctypes

    Natives.host, Natives.root = host, root
    ctypes.CDLL = ctypes.PyDLL = Libc
    ctypes.cdll = Loader()
    # The real one runs ldconfig and a compiler to find out.
    ctypes.util = ModuleType("ctypes.util")
    ctypes.util.find_library = find_library
    sys.modules["ctypes.util"] = ctypes.util
