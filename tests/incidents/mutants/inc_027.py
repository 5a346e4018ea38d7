"""INC-027 an impossible CPU time is taken for the truth

pilot3 before 3.9.2.41 (321d90f1, 4c6a70f3, 2024-11-22): utime and stime of /proc/PID/stat went
into the accounting as they were.
"""

from __future__ import annotations

SCENARIO = "inc-027-absurd-cpu-time"
PATCHES = {
    "usage.py": (
        "    return grown_s <= cores * (longest_s + 60.0)\n",
        "    return True\n",
    ),
}
EXPECTED = {"expect": "cpuConsumptionTime"}
