"""INC-117 exit code 80 looks like a generic failure

pilot-wrapper before 3a65568 (2025-03-19): codes that the wrapper did not know became 1.
"""

from __future__ import annotations

SCENARIO = "inc-117-code-of-a-short-proxy"
PATCHES = {
    "wrapper/wrapper.sh": (
        'done\nexit "$code"\n',
        'done\ncase $code in\n    0 | 64 | 65) exit "$code" ;;\n    *) exit 1 ;;\nesac\n',
    ),
}
EXPECTED = {"expect": "pilot-1 exited with 1, expected 80"}
