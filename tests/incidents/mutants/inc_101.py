"""INC-101 the exit code of the payload is told as an error of the pilot

pilot3 before 3.10.0.24 (e1258b58, 2025-01-16): codes of transforms were added to the list of the
pilot's, of which the first is reported.
"""

from __future__ import annotations

SCENARIO = "inc-101-code-of-a-payload::small"
PATCHES = {
    "updates.py": (
        '        "pilotErrorCode": failure.code if failure else 0,\n',
        '        "pilotErrorCode": payload_code or (failure.code if failure else 0),\n',
    ),
}
EXPECTED = {"error-named": "which is none of a pilot's"}
