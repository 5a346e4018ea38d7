"""CPU time of the program itself: hardly any, as computing takes no time; see guest.clock.times.

That of its children is what the node's processes have used, and comes with their end.
Read from times(2), getrusage(2).
"""

from __future__ import annotations

import os
import resource

from greenlet import getcurrent


class Usage:
    """Stands for ``os.times`` and ``resource.getrusage``."""

    def __init__(self, hub):
        self._hub = hub
        self._clock = hub.clock

    def times(self):
        """Stand for ``os.times``."""
        return os.times_result((self._clock.used, 0.0, 0.0, 0.0, self._hub.now))

    def getrusage(self, who):
        """Stand for ``resource.getrusage``."""
        if who == resource.RUSAGE_SELF:
            used = self._clock.used
        elif who == resource.RUSAGE_THREAD:
            used = vars(getcurrent()).get("used", 0.0)
        elif who == resource.RUSAGE_CHILDREN:
            used = 0.0
        else:
            raise ValueError("invalid who parameter")
        return resource.struct_rusage((used,) + (0.0,) + (0,) * 14)


def install(hub):
    """Replace them."""
    usage = Usage(hub)
    os.times, resource.getrusage = usage.times, usage.getrusage
