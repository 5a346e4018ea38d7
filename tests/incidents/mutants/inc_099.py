"""INC-099 only what the PATH of the batch job names is found

pilot3 before 3.11.0.29 (6048b9f1, 2025-10-06): has_gpu() looked for lspci on the PATH that the
batch system had left. Here it is the copy tool that lies in /usr/sbin.
"""

from __future__ import annotations

SCENARIO = "inc-099-not-on-the-path"
PATCHES = {
    "software.py": (
        "    missing = [each for each in SYSTEM_FOLDERS if each not in folders]\n",
        "    missing: list[str] = []\n",
    ),
}
EXPECTED = {"expect": "expected finished"}
