"""INC-033 the looping-job killer asks a file for its time that is gone

pilot2 before 2.1.1.25 (88619de5, 2019-03-30): ``max(list_of_files, key=os.path.getctime)`` over a
list that find had made.
"""

from __future__ import annotations

SCENARIO = "inc-033-gone-before-the-look"
PATCHES = {
    "watch/looping.py": (
        "    return max((touched for _, touched in sizes_and_times(directory)), default=0.0)\n",
        "    return max(path.lstat().st_mtime for path in sorted(directory.rglob('*')))\n",
    ),
    "payload.py": (
        ("        except OSError as error:\n            # A watchdog"),
        ("        except TimeoutError as error:\n            # A watchdog"),
    ),
}
EXPECTED = {"expect": "1303"}
