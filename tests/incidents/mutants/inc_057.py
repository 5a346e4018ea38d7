"""INC-057 'running' is sent before there is a process

pilot2 in October 2018 (e71afb61): the state was sent before the payload's process was started.
"""

from __future__ import annotations

SCENARIO = "inc-057-slow-start"
PATCHES = {
    "work.py": (
        "        line = self._payload_line()\n",
        ("        started()\n        line = self._payload_line()\n"),
    ),
    "job.py": (
        '"payload": ("stage-out", "log")',
        '"payload": ("stage-out", "log", "payload")',
    ),
}
EXPECTED = {"state-table": "before the payload began"}
