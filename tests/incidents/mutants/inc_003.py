"""INC-003 instructions in the answer to a job's first update are not obeyed

pilot2 before 2.9.4.20 (3648dc3c, 2021-01-07): 'tobekilled' came in reply to an update sent before
the monitor ran; the state was set and nobody acted on it.
"""

from __future__ import annotations

SCENARIO = "inc-003-killed-at-first-word::starting"
PATCHES = {
    "reporter.py": (
        "        self._channel.obey(reply.commands)\n",
        (
            '        if self._progress.phase != "starting":\n'
            "            self._channel.obey(reply.commands)\n"
        ),
    ),
}
EXPECTED = {"expect": "is finished, expected failed"}
