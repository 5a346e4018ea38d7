"""One final state per job, after the attempt to store its log.

A final update may be repeated only while its pilot cannot know that it was taken. Read from
pilot3@a090538b:pilot/control/job.py (is_final_update: the log first, then the final state) and
from incident INC-011 (monitor and main thread both send the final state).
"""

from __future__ import annotations

from harness.checkers._contacts import Mark
from harness.checkers._contacts import failed_contacts
from harness.checkers._copies import Copy
from harness.checkers._copies import copies
from harness.checkers._registry import checker
from harness.findings import Finding
from harness.findings import moment
from harness.record import TERMINAL_STATES
from harness.record import Attempt
from harness.record import Flight
from harness.record import JobView
from harness.record_fields import number_of
from harness.record_fields import value_of

NAME = "one-final-state"

# pilot3@a090538b:pilot/util/https.py gives a connection 100 s (curl) before it tries again:
# who repeats sooner, while the first is still under way and succeeds, did not wait at all.
PATIENCE_S = 100.0
# Who has been told to stop, and may have half a minute, cannot wait as long; two threads that
# both say it are still told apart.
PATIENCE_WHEN_TOLD_S = 4.0
# Who could not reach the server shortly before the end has tried to say it.
TRIED_S = 60.0
# LOGFILECREATIONFAILURE and LOGCREATIONTIMEOUT: there is no log that could be stored.
NO_LOG_CODES = (1320, 1376)


@checker(NAME, about="each job gets exactly one final state, after its log was stored")
def one_final_state(flight: Flight) -> list[Finding]:
    """Find jobs without a final state, with two, with updates after it, or before the log."""
    stored, contacts, told = copies(flight), failed_contacts(flight), _told(flight)
    findings = []
    for job in flight.jobs():
        findings += _ended_twice(job)
        for attempt in job.attempts:
            if attempt.received:
                findings += _missing(attempt, contacts.get(attempt.pilot, []))
                findings += _contradiction(attempt) + _haste(attempt, told)
                findings += _after_the_end(attempt) + _before_log(attempt, job.log, stored)
    return findings


def _ended_twice(job: JobView) -> list[Finding]:
    ends: dict[object, list[int]] = {}
    findings = []
    for event in job.of("job.state"):
        if event["new"] not in TERMINAL_STATES or event.get("old") == event["new"]:
            continue
        same = ends.setdefault(event.get("attempt"), [])
        if same:
            new, when = str(event["new"]), moment(event.t)
            text = f"job {job.job} got a second final state, {new!r}, at {when}"
            findings.append(Finding(NAME, text, event.t, job.job, (*same, event.n)))
        same.append(event.n)
    return findings


def _missing(attempt: Attempt, contacts: list[Mark]) -> list[Finding]:
    gone = attempt.departure
    if gone is None or gone.killed or attempt.finals:
        return []
    if attempt.ended is not None and attempt.ended.n < gone.event.n:
        return []
    if any(gone.event.t - each.t <= TRIED_S for each in contacts if each.n < gone.event.n):
        return []
    at = gone.event.t
    text = f"{attempt.name}: {attempt.pilot} ended at {moment(at)} and never sent a final state"
    return [Finding(NAME, text, at, attempt.job, (attempt.begin.n, gone.event.n))]


def _contradiction(attempt: Attempt) -> list[Finding]:
    for first, second in zip(attempt.finals, attempt.finals[1:], strict=False):
        if first.state != second.state:
            text = (
                f"{attempt.name}: {first.state!r} sent at {moment(first.t)}, "
                f"then {second.state!r} at {moment(second.t)}"
            )
            return [Finding(NAME, text, second.t, attempt.job, (first.n, second.n))]
    return []


def _told(flight: Flight) -> dict[str, int]:
    """Return, by pilot, the event that first told it to stop."""
    return {str(event["pilot"]): event.n for event in reversed(flight.of("batch.signal"))}


def _haste(attempt: Attempt, told: dict[str, int]) -> list[Finding]:
    for first, second in zip(attempt.finals, attempt.finals[1:], strict=False):
        succeeds = first.taken_n is not None and first.taken_n > second.n
        hurried = told.get(attempt.pilot, second.n) < second.n
        patience_s = PATIENCE_WHEN_TOLD_S if hurried else PATIENCE_S
        if succeeds and first.state == second.state and second.t - first.t < patience_s:
            text = (
                f"{attempt.name}: {second.state!r} sent again at {moment(second.t)} while the one "
                f"of {moment(first.t)} was under way"
            )
            return [Finding(NAME, text, second.t, attempt.job, (first.n, second.n))]
    return []


def _after_the_end(attempt: Attempt) -> list[Finding]:
    known = [final.known_n for final in attempt.finals if final.known_n is not None]
    late = [send for send in attempt.sends if known and send.n > min(known)]
    if not late:
        return []
    final = next(each for each in attempt.finals if each.known_n == min(known))
    states = ", ".join(f"{send.state!r} at {moment(send.t)}" for send in late[:3])
    text = (
        f"{attempt.name}: {len(late)} more update(s) after the final {final.state!r} of "
        f"{moment(final.t)} was acknowledged: {states}"
    )
    witnesses = (final.n, min(known), *(send.n for send in late[:3]))
    return [Finding(NAME, text, late[0].t, attempt.job, witnesses)]


def _before_log(attempt: Attempt, log: str, stored: dict[str, list[Copy]]) -> list[Finding]:
    if not log or not attempt.finals:
        return []
    final = attempt.finals[0]
    if number_of(value_of(final.fields, "pilotErrorCode")) in NO_LOG_CODES:
        return []
    tries = [copy for copy in stored.get(log, []) if copy.begin.n > attempt.begin.n]
    if any(copy.end is not None and copy.end.n < final.n for copy in tries):
        return []
    begun = f"its copy began at {moment(tries[0].begin.t)}" if tries else "no copy was tried"
    text = (
        f"{attempt.name}: final state {final.state!r} sent at {moment(final.t)} before the log "
        f"{log} was stored ({begun})"
    )
    return [Finding(NAME, text, final.t, attempt.job, (final.n, *(c.begin.n for c in tries[:1])))]
