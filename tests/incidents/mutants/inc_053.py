"""INC-053 the memory monitor is kept alive after the payload's end

pilot2 in November 2019 (c972f6b1) and pilot3 before 3.6.5.32 (fc8f7db2, 2023-08-11): the loop that
started prmon again asked whether prmon ran, not whether there was anything to be watched.
"""

from __future__ import annotations

SCENARIO = "inc-053-monitor-that-dies"
PATCHES = {
    "work.py": (
        "            code = monitor.end() if monitor else 0\n",
        (
            "            code = 0\n"
            "\n"
            "            def keep() -> None:\n"
            "                from pilotcore.watch import View\n"
            "\n"
            "                while True:\n"
            "                    kit.platform.flag().wait(60.0)\n"
            "                    monitor.look(View(self._directory, ended.pid, 0.0))\n"
            "\n"
            '            kit.platform.spawn(keep, name="monitor")\n'
        ),
    ),
}
EXPECTED = {"processes": "prmon"}
