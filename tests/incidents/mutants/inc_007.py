"""INC-007 a list of instructions is taken for one

pilot2 before 2.9.7.15 (514a8f3a, 2021-03-15): the answer was compared with == 'tobekilled'.
"""

from __future__ import annotations

SCENARIO = "inc-007-list-of-commands::last"
PATCHES = {
    "server.py": (
        '    words = (word.strip() for word in value.split(","))\n',
        "    words = [value]\n",
    ),
}
EXPECTED = {"expect": "is finished, expected failed"}
