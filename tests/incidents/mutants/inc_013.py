"""INC-013 nobody is told that the request for a job has failed

pilot2 in January 2019 (3df80223): after a getJob that failed or timed out graceful_stop was not
set, and the threads waited for each other for ever.
"""

from __future__ import annotations

SCENARIO = "inc-013-getjob-never-answered"
PATCHES = {
    "asking.py": (
        ("            done.set()\n\n        self._platform.spawn(work"),
        (
            "            if not answers[0].lost:\n"
            "                done.set()\n"
            "\n"
            "        self._platform.spawn(work"
        ),
    ),
}
EXPECTED = {"bounded-time": "had nothing left to do"}
