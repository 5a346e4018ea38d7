"""INC-017 the final update waits until the pilot has been stopped, which waits for it

pilot2 before 2.2.3.1 (0dd277d5, 2019-10-24): check_job waited for the threads to end when
abort_job was set, and was one of them.
"""

from __future__ import annotations

SCENARIO = "inc-017-killed-after-payload"
PATCHES = {
    "final.py": (
        "        attempt = 0\n",
        (
            "        attempt = 0\n"
            "        while self._halt.pending is not None:\n"
            "            self._platform.flag().wait(1.0)\n"
        ),
    ),
}
EXPECTED = {"bounded-time": "had to be killed"}
