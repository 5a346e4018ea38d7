"""A pilot's exit code says how it ended: by a signal, by a known cause, or well.

Read from pilot3@a090538b:pilot/util/auxiliary.py (shell exit codes) and
pilot3@a090538b:pilot/workflow/generic.py (signals). 0 with a job left open, and 1 (a Python
traceback, or a code that the pilot did not know) with a job left open, are violations.
"""

from __future__ import annotations

import signal

from harness.checkers._registry import checker
from harness.findings import Finding
from harness.findings import moment
from harness.record import KILL
from harness.record import Departure
from harness.record import Flight
from harness.record_fields import number_of
from harness.record_fields import signal_name
from harness.record_fields import signal_number
from simkernel import Event

NAME = "exit-code"

# pilot3@a090538b:pilot/util/auxiliary.py: shell exit codes 64 (cvmfs) to 83 (queue offline).
DOCUMENTED = range(64, 84)
# pilot3@a090538b:pilot/workflow/generic.py: the signals on which a pilot gives up its job.
STOPPING = (
    signal.SIGINT,
    signal.SIGTERM,
    signal.SIGQUIT,
    signal.SIGSEGV,
    signal.SIGXCPU,
    signal.SIGUSR1,
    signal.SIGBUS,
)


@checker(NAME, about="a pilot's exit code fits how it ended, and no job is left open")
def exit_code(flight: Flight) -> list[Finding]:
    """Find exit codes that hide a signal, and pilots that exit 0 or 1 with a job open."""
    findings = []
    for pilot in flight.pilots():
        gone = flight.departures.get(pilot)
        if gone is not None and gone.event.what == "pilot.exit" and not gone.killed:
            findings += _left_open(flight, gone) + _hides_signal(flight, gone)
    return findings


def _left_open(flight: Flight, gone: Departure) -> list[Finding]:
    if gone.signal or gone.code not in (0, 1):
        return []
    at = gone.event.t
    said = "as if all were well" if gone.code == 0 else "as after a traceback"
    return [
        Finding(
            NAME,
            f"{gone.pilot} exited with {gone.code}, {said}, at {moment(at)} and left job "
            f"{attempt.job} without a final state",
            at,
            attempt.job,
            (attempt.begin.n, gone.event.n),
        )
        for attempt in flight.attempts
        if attempt.pilot == gone.pilot and attempt.received and not attempt.finals
        if attempt.ended is None or attempt.ended.n > gone.event.n
    ]


def _hides_signal(flight: Flight, gone: Departure) -> list[Finding]:
    told = [event for event in flight.of("batch.signal") if _stops(event, gone)]
    if not told or _was_done(flight, gone, told[0]) or gone.code in DOCUMENTED:
        return []
    numbers = {signal_number(event["signal"]) for event in told}
    codes = {128 + number for number in numbers} | {-number for number in numbers}
    if gone.signal in numbers or gone.code in codes:
        return []
    first, name = told[0], signal_name(signal_number(told[0]["signal"]))
    code = 128 + signal_number(first["signal"])
    text = (
        f"{gone.pilot} got {name} at {moment(first.t)} ({first.get('reason')}) and exited with "
        f"{number_of(gone.code)} at {moment(gone.event.t)}, not with {code}"
    )
    return [Finding(NAME, text, gone.event.t, None, (first.n, gone.event.n))]


def _stops(event: Event, gone: Departure) -> bool:
    number = signal_number(event["signal"])
    is_stop = number in STOPPING and number != KILL
    return is_stop and event["pilot"] == gone.pilot and event.n < gone.event.n


def _was_done(flight: Flight, gone: Departure, told: Event) -> bool:
    """Tell whether the pilot had had jobs, and had said its last word on each, by then."""
    mine = [each for each in flight.attempts if each.pilot == gone.pilot and each.received]
    return bool(mine) and all(
        any(final.known_before(told.n) for final in attempt.finals) for attempt in mine
    )
