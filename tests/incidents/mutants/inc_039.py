"""INC-039 the core counts are lost

pilot3 before 3.10.3.82 (0b01e14f, 2025-06-02): ``return core_counts.append(corecount)`` gave
None, which was kept as the list.
"""

from __future__ import annotations

SCENARIO = "inc-039-cores-at-work"
PATCHES = {
    "usage.py": (
        (
            "        self.core_counts = with_count(self.core_counts, cores)\n",
            "        self.core_counts = with_count(self.core_counts or [], cores)\n",
        ),
        (
            "    return [*counts, count]\n",
            "    return counts.append(count)\n",
        ),
    ),
}
EXPECTED = {"expect": "meanCoreCount"}
ALWAYS = "it needs no fault: every job of more than one core shows it"
