"""INC-031 the exit code of ls replaces the error that it was to explain

pilot2 before 2020-04-20 (f0603db7): ``exit_code, stdout, stderr = execute('ls -altrR')`` stood
between the finding and the return of exit_code.
"""

from __future__ import annotations

SCENARIO = "inc-031-directory-too-large"
PATCHES = {
    "watch/disk.py": (
        ("            self._show(view.directory)\n            return Failure(1104, text)\n"),
        (
            "            code = self._show(view.directory)\n"
            "            return Failure(code, text) if code else None\n"
        ),
    ),
}
EXPECTED = {"expect": "expected failed"}
