"""INC-051 a command has ended when its output has

pilot3 3.9 (e64f03d0, 2024-09-27 and later): readers of stdout and stderr were waited for, and a
process that a command had left behind held the pipes open.
"""

from __future__ import annotations

SCENARIO = "inc-051-output-without-end::daemon"
PATCHES = {
    "live.py": (
        (
            ("                stdout=out,\n                stderr=err,\n"),
            (
                "                stdout=out if command.stdout else subprocess.PIPE,\n"
                "                stderr=err if command.stderr else subprocess.PIPE,\n"
            ),
        ),
        (
            (
                "        code = self._process.wait()\n"
                "        said = _end_of(self._out), _end_of(self._err)\n"
            ),
            (
                "        ended = self._process.communicate()\n"
                "        code = self._process.returncode\n"
                '        said = [(each or b"").decode() for each in ended]\n'
            ),
        ),
    ),
}
EXPECTED = {"expect": "is failed (1151"}
