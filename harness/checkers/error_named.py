"""A failed job says why: a code that is not 0 and a text that fits the monitor.

The server's own lost heartbeat needs no word of the pilot. Read from
pilot3@a090538b:pilot/common/errorcodes.py (format_diagnostics) and incident INC-063 (a
pilotErrorDiag that is no text fails the update).
"""

from __future__ import annotations

from harness.checkers._registry import checker
from harness.findings import Finding
from harness.findings import moment
from harness.record import Attempt
from harness.record import Flight
from harness.record_fields import number_of
from harness.record_fields import value_of
from harness.record_sends import Send

NAME = "error-named"

# pilot3@a090538b:pilot/common/errorcodes.py: 'not longer than max_message_length'.
DIAG_MAX = 256
# pilot3@a090538b:pilot/common/errorcodes.py begins here; INC-101 put a payload's exit code there.
PILOT_CODE_LEAST = 1000
CODES = ("pilotErrorCode", "transExitCode", "exeErrorCode")
DIAGS = ("pilotErrorDiag", "exeErrorDiag")


@checker(
    NAME, about=f"a failed job carries an error code and a text of at most {DIAG_MAX} characters"
)
def error_named(flight: Flight) -> list[Finding]:
    """Find failed jobs whose final update names no cause, or names it badly."""
    return [
        finding
        for attempt in flight.attempts
        for send in attempt.finals[-1:]
        if send.state == "failed"
        for finding in _unnamed(attempt, send)
    ]


def _unnamed(attempt: Attempt, send: Send) -> list[Finding]:
    faults = []
    if not any(number_of(value_of(send.fields, name)) for name in CODES):
        faults.append(f"without an error code ({', '.join(CODES)} are 0 or missing)")
    faults += _bad_code(send) + _bad_diag(send)
    begin = f"{attempt.name} failed at {moment(send.t)} "
    return [Finding(NAME, begin + fault, send.t, attempt.job, (send.n,)) for fault in faults]


def _bad_code(send: Send) -> list[str]:
    code = number_of(value_of(send.fields, "pilotErrorCode")) or 0
    if 0 < code < PILOT_CODE_LEAST:
        return [f"with pilotErrorCode {code}, which is none of a pilot's"]
    return []


def _bad_diag(send: Send) -> list[str]:
    said = {name: value_of(send.fields, name) for name in DIAGS}
    if all(value is None or not str(value).strip() for value in said.values()):
        return ["without a word on the cause (pilotErrorDiag is empty)"]
    faults = []
    for name, value in said.items():
        if value is not None and not isinstance(value, str):
            faults.append(f"with a {name} that is no text but {type(value).__name__}")
        elif value is not None and len(value) > DIAG_MAX:
            faults.append(f"with a {name} of {len(value)} characters (limit {DIAG_MAX})")
    return faults
