"""Further attempts: a job that failed is tried again as a new job, whose parent it is.

Read from panda-server@9cc36033:taskbuffer/db_proxy_mods/job_complex_module.py#L3720 (retryJob)
and #L3674 (checkMoreRetryJEDI). A pilot that reports a negative error code asks for it (analysis);
for other jobs the task does. Not modelled: more memory for the next attempt, another queue,
outputs renamed by attempt.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fakeserver.codes import TaskBufferError
from fakeserver.events import JOB_FOLLOWED
from fakeserver.events import SERVER
from fakeserver.jobs import Job
from fakeserver.jobs import JobSpec
from fakeserver.states import State

if TYPE_CHECKING:
    from fakeserver.server import PandaServer

PILOT_RETRY_COST = 10


def try_again(server: PandaServer, job: Job, *, now: float) -> Job | None:
    """Define the next attempt of *job* if it failed and may try again; return it or None."""
    if not worth(job):
        return None
    asked = asked_by_pilot(job)
    cost = PILOT_RETRY_COST if asked else 0
    spec = replace(next_attempt(job.spec, server.new_id()), priority=job.spec.priority - cost)
    again = server.admit(spec, now=now)
    note(server, job, again, asked=asked)
    return again


def worth(job: Job) -> bool:
    """Tell whether *job* is to be tried again; consumers of events have rules of their own."""
    failed = job.state is State.FAILED and job.command != "tobekilled"
    return failed and job.spec.may_try_again and not job.spec.shares_events


def asked_by_pilot(job: Job) -> bool:
    """Tell whether the pilot wants the job tried again: its error code is negative."""
    return job.spec.analysis and str(job.fields.get("pilotErrorCode", "")).startswith("-")


def next_attempt(spec: JobSpec, panda_id: int) -> JobSpec:
    """Return *spec* as its next attempt; the log gets a new GUID."""
    log = replace(spec.log, guid="") if spec.log else None
    return replace(spec, panda_id=panda_id, attempt=spec.attempt + 1, parent=spec.panda_id, log=log)


def note(server: PandaServer, job: Job, again: Job, *, asked: bool) -> None:
    """Note on *job* that *again* is its next attempt."""
    code = TaskBufferError.PILOT_RETRIED if asked else TaskBufferError.RETRIED
    where = "at the same site" if asked else f"as attempt {again.attempt}"
    diag = f"retrying {where}. new PandaID={again.panda_id}"
    job.retried_by = again.panda_id
    job.fields |= {"taskBufferErrorCode": int(code), "taskBufferErrorDiag": diag}
    server.table.touch(job)
    server.journal.emit(
        JOB_FOLLOWED, who=SERVER, job=job.panda_id, next=again.panda_id, why="next attempt"
    )
