"""INC-009 the heartbeat begins only when the payload does

pilot2 before 2.1.8.3 (25668fba, 2019-05-15): nothing was sent during stage-in.
"""

from __future__ import annotations

SCENARIO = "inc-009-long-stage-in"
PATCHES = {
    "reporter.py": (
        (
            "        self._heartbeat.begin(accepted=reply.accepted)\n",
            "",
        ),
        (
            "        self._heartbeat.poke()\n",
            ("        self._heartbeat.begin(accepted=True)\n        self._heartbeat.poke()\n"),
        ),
    ),
}
EXPECTED = {"heartbeat-gap": "in stage-in"}
