"""INC-059 the limit after which a job is lost does not reach the code

pilot3 before 3.6.0.108 (4237c2cf, 2023-04-04): default.cfg had 'lost_heartbeat = 10800' where the
reader of the configuration asked for ':'.
"""

from __future__ import annotations

SCENARIO = "inc-059-lost-job"
PATCHES = {
    "heartbeat.py": (
        "        if now - self._accepted_at > LOST_S:\n",
        '        if now - self._accepted_at > float("inf"):\n',
    ),
}
EXPECTED = {"bounded-time": "the payload ran until"}
