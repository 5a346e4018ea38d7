"""INC-103 a redundant folder is removed as if it were a file

pilot2 before 2019-01-28 (7721cac0): remove_redundant_files() called os.remove() on whatever the
patterns matched, and the log tarball was not made.
"""

from __future__ import annotations

SCENARIO = "inc-103-folders-that-go"
PATCHES = {
    "logs.py": (
        "        folders[:] = sorted(each for each in folders if not is_redundant(each))\n",
        (
            "        for each in filter(is_redundant, folders):\n"
            "            (folder / each).unlink()\n"
            "        folders.sort()\n"
        ),
    ),
}
EXPECTED = {"log-exists": "is not on storage"}
