"""The compiled part of the runtime: waits.c, which does what the Python functions do, sooner.

The Python functions stay the reference, and stand behind those in C for all that is rare; see
docs/adr/0006. The host decides whether a guest has it, and where it lies (harness/hotpath.py).
"""

from __future__ import annotations

import sys
import time
from _collections import deque

from guest.clock import times
from guest.concurrency import locks
from guest.hub import Hub
from guest.hub import Never
from guest.hub import Strand
from guest.hub import Waiter

NAME = "_flightsim_waits"
CLOCK = ("time", "monotonic", "perf_counter", "sleep", "gmtime", "localtime", "strftime")
LOCK = ("acquire", "release", "_pass_on")
RLOCK = ("acquire", "release", "_acquire_restore")


def load(folder):
    """Return the module that lies in *folder*, or None if it is not for this interpreter."""
    sys.path.insert(0, folder)
    try:
        # Nothing else may be imported for it: what the program imports first makes its own locks.
        return __import__(NAME)
    except ImportError:
        return None
    finally:
        sys.path.remove(folder)


def install(hub, part, *, seen=False):
    """Let *part* take over from *hub*, the locks and the clock, which are in place.

    If it is to be *seen* there is a Python frame around each of its functions.
    """
    part.install(
        {
            "hub": hub,
            "Never": Never,
            "Strand": Strand,
            "Waiter": Waiter,
            "Lock": locks.Lock,
            "RLock": locks.RLock,
            "Hub.sleeper": Hub.sleeper,
            "Waited._wait": locks.Waited._wait,
            "Waited._fall_out": locks.Waited._fall_out,
            **{f"Lock.{name}": getattr(locks.Lock, name) for name in LOCK},
            **{f"RLock.{name}": getattr(locks.RLock, name) for name in RLOCK},
            "leave": locks.leave,
            "deque": deque,
            "refuse_sleep": times.refuse_sleep,
            "gmtime": times.true_gmtime,
            "localtime": times.true_localtime,
            "strftime": times.true_strftime,
        }
    )
    for name in CLOCK:
        function = getattr(part, name)
        function.__module__ = "time"
        setattr(time, name, function)
        # The other clocks go by these.
        setattr(times.Clock, name, function)
    import _thread

    part.get_ident.__module__ = "_thread"
    _thread.get_ident = part.get_ident
    hub.compiled = part
    if seen:
        from guest.compiled.seen import see

        hub.compiled = see(part)
