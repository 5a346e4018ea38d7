"""Nobody runs a job twice, except clones; and of the clones of a jobset exactly one counts.

A job that the server dispatches anew with a higher attempt number may run once per attempt.
Read from the seed system S13 (event service and clone jobs) and the protocol reference 1.3
(getJob is not idempotent: a slow server hands out up to three jobs, of which one may run).
"""

from __future__ import annotations

from harness.checkers._registry import checker
from harness.findings import Finding
from harness.findings import moment
from harness.record import Flight
from harness.record import JobView
from harness.record_fields import EMPTY
from harness.record_fields import value_of
from simkernel import Event

NAME = "double-run"


@checker(NAME, about="no job's payload runs twice; of the clones of a jobset one counts")
def double_run(flight: Flight) -> list[Finding]:
    """Find payloads started twice, jobsets finished twice and losers that registered outputs."""
    return _started_twice(flight) + _clones(flight)


def _started_twice(flight: Flight) -> list[Finding]:
    jobs = {job.job: job for job in flight.jobs()}
    starts: dict[str, list[Event]] = {}
    for event in flight.of("payload.start"):
        starts.setdefault(flight.job_of(event["job"]), []).append(event)
    findings = []
    for name, same in starts.items():
        # Clones and retries of a job may share one payload key, which then names no single job.
        meant = [jobs[name]] if name in jobs else flight.jobs_of_key(name)
        allowed = sum(len({attempt.number for attempt in job.attempts}) for job in meant)
        if len(same) > max(1, allowed) and not any(job.is_clone for job in meant):
            findings.append(_twice(name, same))
    return findings


def _twice(job: str, starts: list[Event]) -> Finding:
    places = ", ".join(f"{moment(event.t)} on {event.who}" for event in starts)
    text = f"job {job}: its payload was started {len(starts)} times: {places}"
    return Finding(NAME, text, starts[1].t, job, tuple(event.n for event in starts))


def _clones(flight: Flight) -> list[Finding]:
    jobsets: dict[str, list[JobView]] = {}
    for job in flight.jobs():
        jobset = value_of(job.fields, "jobset")
        if job.is_clone and jobset not in EMPTY:
            jobsets.setdefault(str(jobset), []).append(job)
    findings = []
    for jobset, clones in jobsets.items():
        winners = sorted(
            (job for job in clones if job.state == "finished"),
            key=lambda job: job.of("job.state")[-1].n,
        )
        findings += _second_winners(jobset, winners)
        for loser in clones:
            if loser.state != "finished":
                findings += _outputs_of_loser(jobset, loser)
    return findings


def _second_winners(jobset: str, winners: list[JobView]) -> list[Finding]:
    findings = []
    for job in winners[1:]:
        first, last = winners[0].of("job.state")[-1], job.of("job.state")[-1]
        text = (
            f"jobset {jobset}: clone {job.job} finished at {moment(last.t)} although clone "
            f"{winners[0].job} had finished at {moment(first.t)}"
        )
        findings.append(Finding(NAME, text, last.t, job.job, (first.n, last.n)))
    return findings


def _outputs_of_loser(jobset: str, loser: JobView) -> list[Finding]:
    return [
        Finding(
            NAME,
            f"jobset {jobset}: clone {loser.job} ({loser.state}) registered {event['lfn']} "
            f"at {moment(event.t)} although it does not count",
            event.t,
            loser.job,
            (event.n,),
        )
        for event in loser.of("file.registered")
        if event["lfn"] != loser.log
    ]
