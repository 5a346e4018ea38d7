"""Exit codes of commands; those of flights are in ``harness.verdict``.

*fail* is the pilot's and *broken* is ours: they never mix.
"""

from __future__ import annotations

PASS = 0
FAIL = 1
UNKNOWN = 2
USAGE = 3
BROKEN = 4
INTERRUPTED = 130
