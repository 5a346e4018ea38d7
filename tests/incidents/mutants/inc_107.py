"""INC-107 the copy on /cvmfs is read first, and believed

pilot1 before 70.0 (b8d3103, 53c879c, 2017-06-08 and -09): ddmendpoints.json of /cvmfs, days old,
did not know the storages that tier 0 nodes had been given.
"""

from __future__ import annotations

SCENARIO = "inc-107-old-definitions"
PATCHES = {
    "information.py": (
        (
            "            text = self._fetch(url, orders)\n"
            "        except PilotError:\n"
            "            text = self._copy()\n"
        ),
        (
            "            text = self._copy() or self._fetch(url, orders)\n"
            "        except PilotError:\n"
            "            text = self._copy()\n"
        ),
    ),
}
EXPECTED = {"expect": "expected finished"}
