"""INC-081 a check that has left no result is taken for a success

pilot3 before 3.5.0 (c41b2740, 2023-02-17): the dictionary of files that could be opened was not
there, and a job went on whose files could not be read.
"""

from __future__ import annotations

SCENARIO = "inc-081-files-to-read-from-afar::silence"
PATCHES = {
    "data/far_end.py": (
        "    if any(same_adler32(word, wanted) for word in found):\n",
        "    if not found or any(same_adler32(word, wanted) for word in found):\n",
    ),
}
EXPECTED = {"expect": "expected failed"}
