"""The reaper: ends jobs of which nothing was heard for too long, and wakes the adder.

Read from panda-server@9cc36033:jobdispatcher/Watcher.py and daemons/scripts/copyArchive.py. There
it runs every few minutes; here it acts at the very second. A job whose final report waits for
the adder is left alone, as there.
"""

from __future__ import annotations

from fakeserver.adder import settle
from fakeserver.archive import end
from fakeserver.codes import DispatcherError
from fakeserver.codes import TaskBufferError
from fakeserver.events import JOB_LOST
from fakeserver.events import SERVER
from fakeserver.jobs import Job
from fakeserver.jobtable import JobTable
from fakeserver.limits import limit_of
from fakeserver.policy import Policy
from fakeserver.ranges import RangeTable
from fakeserver.states import QUEUED
from fakeserver.states import Actor
from fakeserver.states import State
from simkernel import utc_text


def next_due(table: JobTable) -> float | None:
    """Return the earliest instant at which something is to be done about any job."""
    return table.deadlines.first()


def reap(table: JobTable, ranges: RangeTable, *, now: float) -> list[int]:
    """Do all that is due and return the ids of the jobs it was done to, earliest first."""
    done = []
    for panda_id in table.deadlines.take(now):
        job = table.jobs[panda_id]
        # The end of one clone may have closed another that was due as well.
        if not job.final:
            act(table, ranges, job, now=now)
            done.append(panda_id)
            table.touch(job)
    return done


def act(table: JobTable, ranges: RangeTable, job: Job, *, now: float) -> None:
    """Settle *job* when its report is there, otherwise give it up for lost."""
    if job.settle_at is not None:
        settle(table, ranges, job, now=now)
        return
    if job.state in QUEUED:
        expire(table, ranges, job, now=now)
        return
    code, diag = explanation(job, table.policy)
    table.journal.emit(
        JOB_LOST,
        who=SERVER,
        job=job.panda_id,
        last_update_s=round(now - job.updated_at, 6),
    )
    job.fields |= {"jobDispatcherErrorCode": int(code), "jobDispatcherErrorDiag": diag}
    end(table, ranges, job, state=State.FAILED, actor=Actor.REAPER, reason=diag, now=now)


def expire(table: JobTable, ranges: RangeTable, job: Job, *, now: float) -> None:
    """Close *job*, for which no pilot came.

    Source: panda-server@9cc36033:taskbuffer/db_proxy_mods/job_complex_module.py#L1019.
    """
    since = utc_text(job.changed_at)
    diag = f"expired in {job.state}. status unchanged since {since}"
    job.fields |= {
        "taskBufferErrorCode": int(TaskBufferError.EXPIRED),
        "taskBufferErrorDiag": diag,
        "jobSubStatus": "toreassign",
    }
    end(table, ranges, job, state=State.CLOSED, actor=Actor.REAPER, reason=diag, now=now)


def explanation(job: Job, policy: Policy) -> tuple[DispatcherError, str]:
    """Return error code and text for a job that is given up."""
    if job.state is State.SENT:
        minutes = round(policy.sent_limit_s / 60)
        text = f"Sent job didn't receive reply from pilot within {minutes} min"
        return DispatcherError.SENT_UNANSWERED, text
    if job.fields.get("pilotErrorDiag") or job.fields.get("exeErrorDiag"):
        hours = (limit_of(job, policy) or 0.0) / 3600
        return DispatcherError.RECOVERY_FAILED, f"job recovery failed for {hours:g} hours"
    return DispatcherError.LOST_HEARTBEAT, f"lost heartbeat : {utc_text(job.updated_at)}"
