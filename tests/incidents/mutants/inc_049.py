"""INC-049 what was ordered of one job reaches the next

pilot3 before 3.6.1.31 (be95546d, 2023-06-23): the state that a kill had set was not cleared when
the next job began.
"""

from __future__ import annotations

SCENARIO = "inc-049-next-job"
PATCHES = {
    "pilot.py": (
        ("        self._orders = Orders()\n        if self._halt"),
        "        if self._halt",
    ),
}
EXPECTED = {"expect": "expected 1 job(s) to be failed, got 2"}
