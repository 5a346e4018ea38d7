"""INC-019 the heartbeat ends as soon as the job has failed

pilot3 before 3.1.0.63 (2425d9ad, 2021-12-14): the job monitor was left when the state was
'failed', so that nothing was sent while the log was transferred.
"""

from __future__ import annotations

SCENARIO = "inc-019-log-after-failure"
PATCHES = {
    "flight.py": (
        '        self._progress.enter("log")\n',
        (
            '        self._progress.enter("log")\n'
            "        if self.diagnosis.cause is not None:\n"
            "            self._reporter._heartbeat.stop()\n"
        ),
    ),
}
EXPECTED = {"heartbeat-gap": "log"}
