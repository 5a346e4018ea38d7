"""INC-085 every stage-out has ten minutes

pilot2 of 2019 (109ed691, 07-01; d577e2c0, 09-26; 008a7d83, 10-09): a decorator with a fixed limit
of 600 s, whatever the size.
"""

from __future__ import annotations

SCENARIO = "inc-085-large-and-slow::stage-out"
PATCHES = {
    "data/plan.py": (
        "        return min(LIMIT_LEAST_S + max(0, self.size) / BYTES_PER_S, LIMIT_MOST_S)\n",
        "        return 600.0\n",
    ),
}
EXPECTED = {"expect": "expected finished"}
