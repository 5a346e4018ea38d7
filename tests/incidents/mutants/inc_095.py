"""INC-095 what the check of /cvmfs says is not heeded

pilot3 of 2024-03-19 to 2024-05-07, before 3.7.5.4 (656ad881; mended by e0eb3b6a): only a True was
acted upon, "False is handled in function", where it was not.
"""

from __future__ import annotations

SCENARIO = "inc-095-no-cvmfs"
PATCHES = {
    "cvmfs.py": (
        ("    if wrong:\n        raise PilotError(NOT_ALIVE, wrong)\n"),
        ('    if wrong == "True":\n        raise PilotError(NOT_ALIVE, wrong)\n'),
    ),
}
EXPECTED = {"expect": "expected activated"}
