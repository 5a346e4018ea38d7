"""Updates: what a pilot says of a job, and what the server answers.

An update for a job that has ended has no effect: the answer is ``tobekilled``, or ``alreadydone``
when it repeats the final update, so that one whose answer was lost can be sent again. A final
update takes the job to holding, where the adder settles it. Read from panda-server@9cc36033:
taskbuffer/db_proxy_mods/job_complex_module.py#L36 (updateJobStatus), api/v1/pilot_api.py#L332.
There a final update that comes after the adder is told ``tobekilled`` as well; here the adder is
at once, so that what minutes of holding would answer is kept for later. Another attempt's number
is answered as the policy says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from typing import Mapping

from fakeserver.adder import settle
from fakeserver.codes import StatusCode
from fakeserver.consumers import acquire
from fakeserver.consumers import holds
from fakeserver.events import JOB_UPDATE
from fakeserver.events import SERVER
from fakeserver.jobs import Job
from fakeserver.jobtable import JobTable
from fakeserver.ranges import RangeTable
from fakeserver.states import Actor
from fakeserver.states import State
from fakeserver.states import allowed

STATES = ("running", "failed", "finished", "holding", "starting", "transferring")
FINAL_REPORTS = ("finished", "failed")
KILL = "tobekilled"
DONE = "alreadydone"

_WHOLE = """
    attemptNr cpuConsumptionTime transExitCode pilotErrorCode exeErrorCode nEvents nInputFiles
    coreCount maxRSS maxVMEM maxSWAP maxPSS avgRSS avgVMEM avgSWAP avgPSS totRCHAR totWCHAR
    totRBYTES totWBYTES rateRCHAR rateWCHAR rateRBYTES rateWBYTES
"""
WHOLE = frozenset(_WHOLE.split())
BROKEN = frozenset({"cpuConversionFactor", "meanCoreCount"})
LIMITS: Mapping[str, int] = {
    "pilotErrorDiag": 500,
    "exeErrorDiag": 500,
    "jobMetrics": 500,
    "pilotID": 200,
    "node": 128,
    "batchID": 80,
    "cpu_architecture_level": 20,
    "stdout": 2048,
}
# Not columns of the job table: they say what to do, or are kept elsewhere.
PASSING = frozenset({"jobId", "state", "attemptNr", "xml", "token", "timeout"})
# A plain number is a batch system's own count, which restarts; only names can contradict.
NUMBER = re.compile(r"^\d+\.*\d+$")


@dataclass(frozen=True, slots=True)
class Update:
    """One update; *fields* are what was sent, in legacy spelling, empty values left out."""

    job: int
    state: str
    attempt: int | None
    fields: Mapping[str, Any]
    report: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to an update."""

    code: StatusCode
    command: str = "NULL"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an update has no effect; without a *command* the job's own instructions are given."""

    why: str
    command: str = ""


def read_update(values: Mapping[str, Any]) -> Update:
    """Return the update in *values*; numbers that came as text become numbers.

    Raises ValueError when ``jobId`` is not a number.
    """
    said = {name: value for name, value in values.items() if value not in (None, "")}
    fields = {name: number(name, value) for name, value in said.items()}
    attempt = fields.get("attemptNr")
    return Update(
        job=int(values["jobId"]),
        state=str(values["state"]),
        attempt=attempt if isinstance(attempt, int) else None,
        fields=fields | {"jobId": int(values["jobId"])},
        report=str(values.get("xml") or ""),
    )


def number(name: str, value: Any) -> Any:
    """Return *value* as the number that *name* stands for, or as it is if it is none."""
    try:
        if name in WHOLE:
            return value if isinstance(value, int) else int(float(value))
        return float(value) if name in BROKEN else value
    except (TypeError, ValueError, OverflowError):
        return value


def columns(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of *fields* goes into the job table: numbers that are none do not."""
    kept: dict[str, Any] = {}
    for name, value in fields.items():
        unusable = name in WHOLE | BROKEN and not isinstance(value, (int, float))
        if name not in PASSING and not unusable:
            limit = LIMITS.get(name)
            kept[name] = str(value)[:limit] if limit else value
    return kept


def apply(table: JobTable, ranges: RangeTable, update: Update, *, who: str, now: float) -> Reply:
    """Apply *update*, sent by the pilot *who*, and return the answer."""
    job = table.jobs.get(update.job)
    refusal = refusal_of(job, update, wrong_attempt=table.policy.wrong_attempt_command)
    if refusal is not None:
        table.refuse(update.job, pilot=who, why=refusal.why)
        return Reply(StatusCode.SUCCESS, refusal.command or (job.instructions() if job else KILL))
    assert job is not None
    old, target = job.state, target_of(job, update)
    if target is old:
        note(table, job, update, who=who, now=now)
    elif not move(table, job, update, target=target, who=who, now=now):
        return Reply(StatusCode.FAILED)
    elif target is State.RUNNING:
        lock(table, ranges, job, who=who, now=now)
    if update.state in FINAL_REPORTS:
        receive(table, ranges, job, update, now=now)
    return Reply(StatusCode.SUCCESS, job.instructions())


def refusal_of(job: Job | None, update: Update, *, wrong_attempt: str) -> Refusal | None:
    """Return why *update* can have no effect, or None if it can."""
    if job is None:
        return Refusal("unknown job", KILL)
    if update.attempt is not None and update.attempt != job.attempt:
        return Refusal(f"attempt {update.attempt}, the job is at {job.attempt}", wrong_attempt)
    final = update.state in FINAL_REPORTS
    if job.report is not None and final:
        return Refusal(f"repeated final update, the job is {job.state}", DONE)
    if job.final:
        return Refusal(f"the job is already {job.state}", KILL)
    if job.state is State.MERGING:
        return Refusal(f"the job is {job.state}")
    if job.state in (State.HOLDING, State.TRANSFERRING) and not final:
        still = job.state is State.TRANSFERRING and update.state in ("transferring", "holding")
        return None if still and job.report is None else Refusal(f"the job is {job.state}")
    if batches_differ(job.batch, str(update.fields.get("batchID", ""))):
        return Refusal(f"batchID is {update.fields['batchID']}, not {job.batch}", KILL)
    return None


def batches_differ(known: str, said: str) -> bool:
    """Tell whether two batch ids cannot be of one batch job."""
    if not known or not said or known == said:
        return False
    return not NUMBER.match(known) and not NUMBER.match(said)


def target_of(job: Job, update: Update) -> State:
    """Return the state that *update* takes the job to."""
    if update.state in FINAL_REPORTS:
        return State.HOLDING
    if job.state is State.RUNNING and update.state == "starting":
        return State.RUNNING
    return State(update.state)


def reason_of(update: Update) -> str:
    """Return the reason for the change of state, as the journal gives it."""
    if update.state in FINAL_REPORTS:
        return f"reported {update.state}"
    return "left for recovery" if update.state == "holding" else ""


def move(table: JobTable, job: Job, update: Update, *, target: State, who: str, now: float) -> bool:
    """Take *job* to *target* with what *update* says, or refuse that and return False."""
    if allowed(job.state, target, actor=Actor.PILOT):
        note(table, job, update, who=who, now=now)
    return table.change(job, target, actor=Actor.PILOT, by=who, reason=reason_of(update), now=now)


def note(table: JobTable, job: Job, update: Update, *, who: str, now: float) -> None:
    """Keep what *update* says and write it into the journal."""
    job.updated_at = now
    job.pilot = job.pilot or who
    job.fields |= columns(update.fields)
    job.node = str(job.fields.get("node", job.node))
    job.batch = str(job.fields.get("batchID", ""))
    table.touch(job)
    table.journal.emit(
        JOB_UPDATE,
        who=SERVER,
        job=job.panda_id,
        pilot=who,
        state=update.state,
        attempt=update.attempt,
        fields=dict(update.fields),
    )


def lock(table: JobTable, ranges: RangeTable, job: Job, *, who: str, now: float) -> None:
    """Take the event ranges for a runonce clone that begins to run, or tell it to die."""
    if job.spec.clone_mode != "runonce" or holds(ranges, job):
        return
    if not acquire(table, ranges, job, count=1, who=who, now=now):
        job.command = KILL
        table.touch(job)


def receive(table: JobTable, ranges: RangeTable, job: Job, update: Update, *, now: float) -> None:
    """Take the final report of *job*; the adder reads it now or after its delay."""
    job.report, job.reported = update.report, update.state
    job.settle_at = now + table.policy.adder_delay_s
    table.touch(job)
    if job.settle_at <= now:
        settle(table, ranges, job, now=now)
