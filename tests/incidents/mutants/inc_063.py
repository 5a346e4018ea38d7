"""INC-063 diagnostics are taken for a text without looking

pilot3 before 3.10.3.82 (d200b0fd, 2025-05-08): a diagnostics text that was none broke the update
that should have carried it.
"""

from __future__ import annotations

SCENARIO = "inc-063-report-of-any-shape::table"
PATCHES = {
    "updates.py": (
        'str(report.get("exitMsg") or "")[:256]',
        'report.get("exitMsg")[:256]',
    ),
}
EXPECTED = {"one-final-state": "never sent a final state"}
