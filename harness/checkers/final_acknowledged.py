"""A pilot does not give up its final update while it has time: else the job is lost at its end.

Read from pilot3@a090538b:pilot/util/https.py, send_update (two attempts, 120 s apart, then never
again), and from the incidents INC-005 and INC-067. A pilot that was told to stop, or that went
on trying for an hour, has done what it could.
"""

from __future__ import annotations

from harness.checkers._registry import checker
from harness.findings import Finding
from harness.findings import length
from harness.findings import moment
from harness.record import TERMINAL_STATES
from harness.record import Attempt
from harness.record import Flight
from harness.record import JobView

NAME = "final-acknowledged"

# No server is down for a weekend without anybody noticing; restarts and failovers take minutes.
TRYING_S = 3600.0


@checker(NAME, about="no pilot gives up its final update while it has time to repeat it")
def final_acknowledged(flight: Flight) -> list[Finding]:
    """Find pilots that ended by themselves while no final update of theirs was taken."""
    told = {str(event["pilot"]) for event in flight.of("batch.signal")}
    return [
        finding
        for job in flight.jobs()
        for attempt in job.attempts
        if attempt.pilot not in told
        for finding in _given_up(job, attempt)
    ]


def _given_up(job: JobView, attempt: Attempt) -> list[Finding]:
    gone, finals = attempt.departure, attempt.finals
    if gone is None or gone.killed or not finals or _is_taken(job, attempt, gone.event.n):
        return []
    if gone.event.t - finals[0].t >= TRYING_S:
        return []
    text = (
        f"{attempt.name}: the final {finals[0].state!r} of {moment(finals[0].t)} was sent "
        f"{len(finals)} time(s) and never taken; {attempt.pilot} gave up and ended at "
        f"{moment(gone.event.t)}, after {length(gone.event.t - finals[0].t)}"
    )
    return [Finding(NAME, text, gone.event.t, attempt.job, (finals[0].n, gone.event.n))]


def _is_taken(job: JobView, attempt: Attempt, before: int) -> bool:
    """Tell whether the server had an end of the job before event number *before*."""
    if any(final.taken_n is not None or final.updates for final in attempt.finals):
        return True
    states = [event for event in job.of("job.state") if event.n < before]
    return bool(states) and states[-1]["new"] in TERMINAL_STATES
