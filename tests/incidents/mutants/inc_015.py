"""INC-015 the pilot waits ten minutes for a second job that it will not ask for

pilot2 in February 2019 (67a09b69): with timefloor 0 PILOT_WRAP_UP was not set, and the queues
were watched until a time-out.
"""

from __future__ import annotations

SCENARIO = "inc-015-no-second-job"
PATCHES = {
    "rounds.py": (
        "        return self._kit.platform.monotonic() - self._began < self._kit.queue.timefloor_s\n",
        (
            "        if not self._kit.queue.timefloor_s:\n"
            "            self._kit.platform.flag().wait(600.0)\n"
            "        return self._kit.platform.monotonic() - self._began < self._kit.queue.timefloor_s\n"
        ),
    ),
}
EXPECTED = {"bounded-time": "had nothing left to do"}
ALWAYS = "the bug needs no fault, only a queue with timefloor 0"
