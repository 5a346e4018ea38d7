"""Every change of a job's state is in the table, and no update of a pilot's is refused.

The table is that of the PanDA server's job life, read from
panda-server@9cc3603:pandaserver/taskbuffer (JobSpec, job_complex_module) and its job table. A
refusal is forgiven where the pilot could not know better: another had ended the job, or the
answer to its own final update was lost. 'running' is for what runs.
"""

from __future__ import annotations

from typing import Mapping

from harness.checkers._early import told_early
from harness.checkers._registry import checker
from harness.findings import Finding
from harness.findings import moment
from harness.record import TERMINAL_STATES
from harness.record import Flight
from harness.record import JobView
from harness.record_sends import Send
from simkernel import Event

NAME = "state-table"

BEGINNINGS = ("pending", "defined", "waiting", "assigned", "activated", "throttled")
ENDS = TERMINAL_STATES
TRANSITIONS: Mapping[str, tuple[str, ...]] = {
    "": BEGINNINGS,
    "pending": (*BEGINNINGS, *ENDS),
    "defined": (*BEGINNINGS, *ENDS),
    "waiting": (*BEGINNINGS, *ENDS),
    "assigned": (*BEGINNINGS, *ENDS),
    "throttled": (*BEGINNINGS, *ENDS),
    "activated": (*BEGINNINGS, "sent", "starting", "running", *ENDS),
    # A job whose dispatch was not answered is put back, or failed.
    "sent": ("activated", "starting", "running", "holding", "transferring", *ENDS),
    "starting": ("activated", "running", "holding", "transferring", "merging", *ENDS),
    "running": ("activated", "holding", "transferring", "merging", *ENDS),
    "holding": ("transferring", "merging", *ENDS),
    "transferring": ("holding", "merging", *ENDS),
    "merging": ENDS,
    "finished": (),
    "failed": (),
    "cancelled": (),
    "closed": (),
}
# A job that failed may be tried again under its own number, as a new attempt.
RETRIED = ("failed", "cancelled", "closed")


# What of the server acts on a pilot's own word (fakeserver's adder settles a final update).
OWN_HANDS = ("adder",)

# A refusal for want of a role is about the credential, not about the job's state; what the
# pilot makes of it is judged by what becomes of the job.
ABOUT_CREDENTIALS = "role"


@checker(NAME, about="every change of a job's state is in the table, no update is refused")
def state_table(flight: Flight) -> list[Finding]:
    """Find changes of state that are not in the table, and updates that were refused."""
    jobs = {job.job: job for job in flight.jobs()}
    findings = [finding for job in jobs.values() for finding in _changes(job)]
    for event in flight.of("job.refused"):
        if ABOUT_CREDENTIALS in str(event.get("why")):
            continue
        job = jobs.get(str(event["job"]))
        if job is None or not _could_not_know(job, event):
            findings.append(_refusal(event))
    return findings + told_early(flight, NAME)


def _changes(job: JobView) -> list[Finding]:
    findings = []
    attempt = None
    for event in job.of("job.state"):
        old, new = str(event.get("old") or ""), str(event["new"])
        is_retry = old in RETRIED and new in BEGINNINGS and event.get("attempt") != attempt
        if old != new and new not in TRANSITIONS.get(old, ()) and not is_retry:
            text = (
                f"job {job.job} went from {old or 'nothing'!r} to {new!r} at {moment(event.t)} "
                f"by {event.get('by')}, which is not in the state table"
            )
            findings.append(Finding(NAME, text, event.t, job.job, (event.n,)))
        attempt = event.get("attempt")
    return findings


def _refusal(event: Event) -> Finding:
    job, pilot = str(event["job"]), event.get("pilot")
    text = f"job {job}: a request of {pilot} at {moment(event.t)} was refused: {event.get('why')}"
    return Finding(NAME, text, event.t, job, (event.n,))


def _could_not_know(job: JobView, refused: Event) -> bool:
    return (
        _ended_by_another(job, refused)
        or _given_to_another(job, refused)
        or _answer_was_lost(job, refused)
        or _came_twice(job, refused)
    )


def _ended_by_another(job: JobView, refused: Event) -> bool:
    ends = [e for e in job.of("job.state") if e.n < refused.n and e["new"] in ENDS]
    return bool(ends) and ends[-1].get("by") not in (refused.get("pilot"), *OWN_HANDS)


def _given_to_another(job: JobView, refused: Event) -> bool:
    given = [attempt for attempt in job.attempts if attempt.begin.n < refused.n]
    return bool(given) and given[-1].pilot != refused.get("pilot")


def _answer_was_lost(job: JobView, refused: Event) -> bool:
    """Tell whether the pilot had sent a final update before, and could not know its fate."""
    sends = _sends_before(job, refused)
    one = _refused_one(sends, refused)
    finals = [send for send in sends if send.is_final and send != one]
    # What was long on its way arrives when a repetition has been taken already.
    said_n = refused.n if one is None else one.n
    return bool(finals) and not any(final.known_before(said_n) for final in finals)


def _came_twice(job: JobView, refused: Event) -> bool:
    """Tell whether the world delivered twice what the pilot sent once."""
    one = _refused_one(_sends_before(job, refused), refused)
    return one is not None and any(update.n < refused.n for update in one.updates)


def _sends_before(job: JobView, refused: Event) -> list[Send]:
    mine = [attempt for attempt in job.attempts if attempt.pilot == refused.get("pilot")]
    return [send for attempt in mine for send in attempt.sends if send.n < refused.n]


def _refused_one(sends: list[Send], refused: Event) -> Send | None:
    under_way = [send for send in sends if send.closed_n is None or send.closed_n > refused.n]
    return under_way[-1] if under_way else None
