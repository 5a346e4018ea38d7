"""INC-043 the interpreter waits for a thread that never ends

pilot2 before 2.1.15.1 (a5c3d694, 2019-07-11): threads that were no daemons hung, and the pilot
had sent its last word but never exited.
"""

from __future__ import annotations

SCENARIO = "inc-043-thread-that-never-ends"
PATCHES = {
    "live.py": (
        "name=name, daemon=True)",
        "name=name, daemon=False)",
    ),
}
EXPECTED = {"bounded-time": "had to be killed"}
