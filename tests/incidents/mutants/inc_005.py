"""INC-005 the pilot stops before the final update has been answered

pilot2 before 2.1.2.2 (f7824aca, 2019-04-01): graceful_stop was set while the final update was
still under way, and the pilot ended without it.
"""

from __future__ import annotations

SCENARIO = "inc-005-slow-last-answer"
PATCHES = {
    "final.py": (
        "            reply = self._server.update(fields, timeout_s=self._timeout_s())\n",
        (
            '            self._platform.spawn(lambda: self._server.update(fields), name="final").join(10.0)\n'
            "            return True\n"
        ),
    ),
}
EXPECTED = {"final-acknowledged": "never taken"}
