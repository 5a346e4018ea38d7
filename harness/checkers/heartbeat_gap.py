"""Never a gap between updates beyond the heartbeat, in any phase of a job.

The pilot is judged by what it sent: a request that the world lost counts, and so does a
connection to the server that could not be made. It owes updates from the dispatch until its
last final update, the job's end by another's hand, or its own end. Time during which the batch
system had it suspended is not held against it. Read from incidents INC-009 and INC-019 (no
heartbeat in a long stage-in, none during the log's stage-out).
"""

from __future__ import annotations

import signal
from itertools import pairwise

from harness.checkers._contacts import Mark
from harness.checkers._contacts import failed_contacts
from harness.checkers._registry import checker
from harness.findings import Finding
from harness.findings import length
from harness.findings import moment
from harness.record import Attempt
from harness.record import Flight
from harness.record_fields import signal_number

NAME = "heartbeat-gap"

# pilot3@a090538b:pilot/util/default.cfg, [Pilot] heartbeat.
HEARTBEAT_S = 1800.0
# A heartbeat is sent by a loop that does other things too: a tenth of the period.
TOLERANCE_SHARE = 0.1
# pilot3@a090538b:pilot/util/https.py (send_update): 120 s between two tries.
TOLERANCE_S = 120.0
LIMIT_S = HEARTBEAT_S * (1 + TOLERANCE_SHARE) + TOLERANCE_S
# The journal rounds times to microseconds: a gap as long as the limit must not seem longer.
GRAIN_S = 1e-5
SUSPENDING = (signal.SIGSTOP, signal.SIGTSTP)


Pauses = list[tuple[float, float]]


@checker(NAME, about=f"no gap between a job's updates of more than {length(LIMIT_S)}")
def heartbeat_gap(flight: Flight) -> list[Finding]:
    """Find the gaps between what a pilot sent about a job, in every phase."""
    contacts, pauses = failed_contacts(flight), _pauses(flight)
    return [
        _finding(flight, attempt, before=before, after=after)
        for attempt in flight.attempts
        if attempt.received
        for before, after in pairwise(_marks(flight, attempt, contacts.get(attempt.pilot, [])))
        if _silence_s(before, after, pauses.get(attempt.pilot, [])) > LIMIT_S + GRAIN_S
    ]


def _marks(flight: Flight, attempt: Attempt, contacts: list[Mark]) -> list[Mark]:
    begin = Mark(attempt.begin.t, attempt.begin.n)
    last = _last_duty(flight, attempt)
    sent = [Mark(send.t, send.n) for send in attempt.sends]
    between = [mark for mark in sent + contacts if begin.n < mark.n < last.n]
    return [begin, *sorted(between, key=lambda mark: mark.n), last]


def _last_duty(flight: Flight, attempt: Attempt) -> Mark:
    """Return what relieved the pilot of this job: its last word, another's, or its end."""
    known = [final for final in attempt.finals if final.known_n is not None]
    ends = [Mark(final.t, final.n) for final in known[:1] or attempt.finals[-1:]]
    ends += [Mark(event.t, event.n) for event in flight.events[-1:]]
    if attempt.ended is not None:
        ends.append(Mark(attempt.ended.t, attempt.ended.n))
    if attempt.departure is not None:
        ends.append(Mark(attempt.departure.event.t, attempt.departure.event.n))
    return min(ends, key=lambda mark: mark.n)


def _pauses(flight: Flight) -> dict[str, Pauses]:
    """Return, by pilot, when the batch system had it suspended."""
    since: dict[str, float] = {}
    pauses: dict[str, Pauses] = {}
    for event in flight.of("batch.signal"):
        pilot, number = str(event["pilot"]), signal_number(event.get("signal"))
        if number in SUSPENDING:
            since.setdefault(pilot, event.t)
        elif number == signal.SIGCONT and pilot in since:
            pauses.setdefault(pilot, []).append((since.pop(pilot), event.t))
    for pilot, begin in since.items():
        pauses.setdefault(pilot, []).append((begin, flight.end_s))
    return pauses


def _silence_s(before: Mark, after: Mark, pauses: Pauses) -> float:
    paused = sum(max(0.0, min(after.t, to) - max(before.t, since)) for since, to in pauses)
    return after.t - before.t - paused


def _finding(flight: Flight, attempt: Attempt, *, before: Mark, after: Mark) -> Finding:
    gap, phases = length(after.t - before.t), _phases(flight, attempt, before, after)
    text = (
        f"{attempt.name}: no update for {gap} (limit {length(LIMIT_S)}), "
        f"from {moment(before.t)} to {moment(after.t)}, in {phases}"
    )
    return Finding(NAME, text, before.t + LIMIT_S, attempt.job, (before.n, after.n))


def _phases(flight: Flight, attempt: Attempt, before: Mark, after: Mark) -> str:
    """Name the phases that the gap lies in, in order."""
    steps = [step for step in flight.steps() if step.pilot == attempt.pilot]
    entered = [step for step in steps if step.n <= before.n][-1:]
    entered += [step for step in steps if before.n < step.n < after.n]
    names = dict.fromkeys(step.phase for step in entered)
    return " and ".join(names) or "an unknown phase"
