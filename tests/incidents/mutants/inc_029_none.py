"""INC-029 a value is taken for a whole number without a look

pilot2 before 2.6.4.9 (83bc3739, 2020-07-27): values of prmon were used as they came, and failed
where a number was needed.
"""

from __future__ import annotations

SCENARIO = "inc-029-numbers-that-are-none::none"
PATCHES = {
    "usage.py": (
        "    rss = amount(row[4])\n",
        "    rss = int(row[4])\n",
    ),
}
EXPECTED = {"expect": "1301"}
