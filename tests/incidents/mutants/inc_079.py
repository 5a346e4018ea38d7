"""INC-079 a transfer that leaves no result crashes the pilot

pilot3 before 3.10.1.14 (513f1979, 2025-03-10): TimedThread had no attribute result until the
function that it ran had returned, and who read it raised.
"""

from __future__ import annotations

SCENARIO = "inc-079-transfer-without-a-result"
PATCHES = {
    "commands.py": (
        '        said = ("", "") if over is None else (over.stdout, over.stderr)\n',
        "        said = (over.stdout, over.stderr)\n",
    ),
}
EXPECTED = {"expect": "1301"}
