"""INC-035 any core file is the payload's

pilot2 before 2.12.4.23 (b77ae4e4, 2021-09-14): remove_core_dumps() did not look at the pid in the
name, and COREDUMP was set for every one found.
"""

from __future__ import annotations

SCENARIO = "inc-035-core-of-another"
PATCHES = {
    "core_files.py": (
        '    return next((name for name in names if name.rpartition(".")[2] in map(str, pids)), "")\n',
        '    return next(iter(names), "")\n',
    ),
}
EXPECTED = {"expect": "1355"}
