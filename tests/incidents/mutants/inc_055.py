"""INC-055 the exit code of what runs beside the payload becomes the payload's

pilot2 before 2.12.4.18 (4df17388, 2021-09-01): a job whose payload was good failed with the exit
code of the command that ended xcache.
"""

from __future__ import annotations

SCENARIO = "inc-055-code-of-a-helper"
PATCHES = {
    "work.py": (
        "        return self._looked_at(ended)\n",
        "        return self._looked_at(replace(ended, code=ended.code or code))\n",
    ),
}
EXPECTED = {"expect": "is failed (1305"}
