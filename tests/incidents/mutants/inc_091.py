"""INC-091 a text that is always true makes a setup error of every failure

pilot3 of 2022-12-05 to 2022-12-12, before 3.4.6.1 (c572a5ba; mended by e4e7f0c0): ``elif
exit_code and "General payload setup verification error":``, without ``in stderr``.
"""

from __future__ import annotations

SCENARIO = "inc-091-whose-error::athena"
PATCHES = {
    "payload_errors.py": (
        ("        if code and text in words:\n            return error\n    return 0\n"),
        (
            "        if code and text in words:\n"
            "            return error\n"
            '    if code and "General payload setup verification error":\n'
            "        return 1110\n"
            "    return 0\n"
        ),
    ),
}
EXPECTED = {"expect": "1110"}
