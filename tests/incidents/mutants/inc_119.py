"""INC-119 the wrapper ignores a broken setup

pilot-wrapper before e69b648 (2024-02-01): what sourcing the set-up had come to was not looked at.
"""

from __future__ import annotations

SCENARIO = "inc-119-set-up-that-fails"
PATCHES = {
    "wrapper/wrapper.sh": (
        (
            '    [ -r "$PILOT_SETUP" ] || fail 64 "$PILOT_SETUP is not there"\n'
            '    setup "$PILOT_SETUP" || fail 64 "$PILOT_SETUP failed"\n'
        ),
        '    setup "$PILOT_SETUP"\n',
    ),
}
EXPECTED = {"expect": "expected activated"}
