"""INC-037 the size of a file that is gone ends the monitor

pilot2 before 2.12.5.1 (e63d49f8, 2021-09-20): os.path.getsize() in the walk over the work
directory raised, and the monitoring thread was gone.
"""

from __future__ import annotations

SCENARIO = "inc-037-gone-while-it-is-measured"
PATCHES = {
    "files.py": (
        (
            "            try:\n"
            "                there = os.lstat(os.path.join(folder, name))\n"
            "            except FileNotFoundError:\n"
            "                continue\n"
        ),
        "            there = os.lstat(os.path.join(folder, name))\n",
    ),
    "payload.py": (
        ("        except OSError as error:\n            # A watchdog"),
        ("        except TimeoutError as error:\n            # A watchdog"),
    ),
}
EXPECTED = {"expect": "expected finished"}
