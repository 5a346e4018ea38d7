"""INC-003 instructions in the answer to the first 'running' are not obeyed

pilot2 before 2.9.4.20 (3648dc3c, 2021-01-07): 'tobekilled' in reply to the first 'running' set the
state to failed, and nobody acted on it.
"""

from __future__ import annotations

SCENARIO = "inc-003-killed-at-first-word::running"
PATCHES = {
    "reporter.py": (
        "        self._channel.obey(reply.commands)\n",
        (
            '        if self._progress.phase != "payload" or self._told:\n'
            "            self._channel.obey(reply.commands)\n"
            '        self._told = self._progress.phase == "payload"\n'
        ),
    ),
}
EXPECTED = {"expect": "is finished, expected failed"}
