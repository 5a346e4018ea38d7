"""INC-045 the time of a suspension counts as time without a touched file

pilot3 before 3.7.3.84 (a02e4bbd, 2024-02-20): the looping check compared wall-clock times.
"""

from __future__ import annotations

SCENARIO = "inc-045-suspended"
PATCHES = {
    "watch/looping.py": (
        "            self._resumed = now\n",
        "            self._resumed = 0.0\n",
    ),
}
EXPECTED = {"expect": "is failed (1150"}
