"""INC-109 the last word of both outputs is read as the checksum

pilot1 before 73.0 (f36eced, 2018-05-03): commands.getstatusoutput() mixed stderr into what was
parsed, and the metadata of QMUL's jobs were broken.
"""

from __future__ import annotations

SCENARIO = "inc-109-words-beside-the-result"
PATCHES = {
    "data/far_end.py": (
        "    found = outcome.stdout.split()\n",
        '    found = f"{outcome.stdout} {outcome.stderr}".split()[-1:]\n',
    ),
}
EXPECTED = {"expect": "1172"}
