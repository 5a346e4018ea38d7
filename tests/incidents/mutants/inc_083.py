"""INC-083 the empty words of a tool replace the message of the time-out

pilot2 before 2.6.4.4b (49fa3d29, 2020-07-16): the error message was taken from stateReason of the
trace, "" after a time-out, and with it the error that was found in the message.
"""

from __future__ import annotations

SCENARIO = "inc-083-reason-of-a-time-out"
PATCHES = {
    "data/transfer.py": (
        (
            '            detail = f"{transfer.lfn}: {tool.name} killed after {outcome.seconds:.0f} s"\n'
            "            raise PilotError(code, detail)\n"
        ),
        "            raise PilotError(1099, outcome.words)\n",
    ),
}
EXPECTED = {"expect": "pilotErrorDiag"}
