"""INC-071 a tool that does not work is taken for a proxy that is none

pilot3 before 3.8.1.66 (f1f4f69f, 2024-08-02): the exit code of arcproxy was the verdict on the
proxy, whatever had gone wrong.
"""

from __future__ import annotations

SCENARIO = "inc-071-arcproxy-without-its-library"
PATCHES = {
    "credentials/proxy.py": (
        ("        if outcome.code or len(lines) != len(ARCPROXY):\n            return None\n"),
        (
            "        if outcome.code or len(lines) != len(ARCPROXY):\n"
            "            raise PilotError(1163, outcome.words[:120])\n"
        ),
    ),
}
EXPECTED = {"expect": "expected finished"}
