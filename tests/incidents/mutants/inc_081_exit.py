"""INC-081 the exit code of the check is lost

pilot3 before 3.8.0 (5fd26ae5, 2024-06-17): ``exit $?`` stood behind an echo in the script that
opened the files, and gave the exit code of that.
"""

from __future__ import annotations

SCENARIO = "inc-081-files-to-read-from-afar::exit"
PATCHES = {
    "data/transfer.py": (
        (
            "        if complaint is None:\n"
            '            complaint = f"{argv[0]} {outcome.code}: {outcome.words}"\n'
        ),
        "",
    ),
}
EXPECTED = {"expect": "expected failed"}
