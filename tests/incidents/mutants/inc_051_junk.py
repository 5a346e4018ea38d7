"""INC-051 what a command prints is taken for text

pilot3 3.9 (3e04dc6a, 077148fa, 2024): an output that could not be decoded ended the reader, and
the command had no result.
"""

from __future__ import annotations

SCENARIO = "inc-051-output-without-end::junk"
PATCHES = {
    "live.py": (
        'decode("utf-8", errors="replace")',
        'decode("utf-8")',
    ),
}
EXPECTED = {"expect": "is failed (1151"}
