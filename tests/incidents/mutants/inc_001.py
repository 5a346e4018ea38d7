"""INC-001 the answer to a heartbeat ends the heartbeat if the job has failed meanwhile

pilot3 before 3.10.1.14 (f183ca26, 2025-03-13): after each update the monitor was left if *any*
thread had set the state to 'failed', and not only if the server had said 'tobekilled'.
"""

from __future__ import annotations

SCENARIO = "inc-001-failure-during-heartbeat"
PATCHES = {
    "flight.py": (
        "        self._payload_code = ended.code\n",
        (
            "        self._payload_code = ended.code\n"
            "        self._reporter._failed = bool(ended.code)\n"
        ),
    ),
    "reporter.py": (
        "        self._channel.obey(reply.commands)\n",
        (
            "        self._channel.obey(reply.commands)\n"
            '        if getattr(self, "_failed", False):\n'
            "            self._heartbeat._over = True\n"
        ),
    ),
}
EXPECTED = {"heartbeat-gap": "no update"}
