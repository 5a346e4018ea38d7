"""``ctypes`` as far as pilots use it: a C library of a few functions, all simulated.

pilot3 asks prctl(2) to adopt orphaned grandchildren (pilot/control/job.py). Any other library
or function is refused: native code would not be held by the first wall.
"""

from __future__ import annotations

import errno
import os

from guest.host import place

PR_SET_CHILD_SUBREAPER = 36
LIBC = (None, "libc.so.6", "libc.so", "c")


def install(host, root):
    """Replace the loaders of ``ctypes``, whenever the program may import it."""
    import ctypes

    def refuse(target):
        host.note("escape", kind="library", target=target, place=place(root))
        raise OSError(errno.EPERM, f"refused by the simulation: {target}")

    class Libc:
        """The C library of the simulated node."""

        def __init__(self, name=None, *args, **kwargs):
            if name not in LIBC:
                refuse(f"library {name}")
            self._name = name or "libc.so.6"

        def prctl(self, option, *args):
            if getattr(option, "value", option) == PR_SET_CHILD_SUBREAPER:
                host.ask("subreaper", place=place(root))
            return 0

        def getpid(self):
            return os.getpid()

        def sched_getcpu(self):
            return 0

        def __getattr__(self, name):
            if name.startswith("__"):
                raise AttributeError(name)
            return refuse(f"libc.{name}")

    class Loader:
        """ctypes.cdll, through which libraries are also reached."""

        def LoadLibrary(self, name):
            return Libc(name)

        def __getattr__(self, name):
            if name.startswith("__"):
                raise AttributeError(name)
            return Libc(name)

    ctypes.CDLL = ctypes.PyDLL = Libc
    ctypes.cdll = Loader()
