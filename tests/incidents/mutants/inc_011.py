"""INC-011 the monitor, too, says that a job is over, and takes it for failed

pilot 1 before 72.0 (de05c71, 2017-11-30) and pilot2 before 2.2.3.12 (a112f2cd, 2019-11-03): the
monitor did not find the finished job among the running ones (it compared objects, not job ids)
and sent a final state of its own while the main thread's was under way.
"""

from __future__ import annotations

SCENARIO = "inc-011-slow-answer-to-final"
PATCHES = {
    "reporter.py": (
        "        self._heartbeat.stop()\n",
        "",
    ),
    "updates.py": (
        "        return SERVER_STATES[self.phase]\n",
        '        return SERVER_STATES.get(self.phase, "failed")\n',
    ),
}
EXPECTED = {"one-final-state": "'finished' sent at"}
