"""Functions of ours go by the names of those that they stand for.

So that they can be pickled, as those can (a pool of processes is given ``os.getpid``), and that
nobody who prints one sees the difference.
"""

from __future__ import annotations

import sys
from types import FunctionType

MODULES = ("_thread", "os", "resource", "select", "signal", "threading", "time")
OURS = __file__.rpartition("/")[0] + "/"


def is_ours(function):
    """Tell whether *function* is one that this package put in place of another."""
    return isinstance(function, FunctionType) and function.__code__.co_filename.startswith(OURS)


def install():
    """Name what has been replaced up to now."""
    for module in MODULES:
        for name, function in list(vars(sys.modules[module]).items()):
            if is_ours(function) and function.__module__.startswith("guest."):
                function.__module__ = module
                function.__name__ = function.__qualname__ = name
