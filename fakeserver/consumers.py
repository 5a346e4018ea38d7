"""Consumers of events: jobs of one jobset that share its ranges, clones among them.

Of clones, jobs that do the same work at several sites, one counts: the one that has the
jobset's ranges. With ``runonce`` a job takes them at its first update to running, at the latest;
with ``storeonce`` when its final report is read. A pilot may ask earlier. Clones that still wait
are closed when the ranges are gone; those that run are told ``tobekilled`` (runonce), and any
other clone is closed when the one that counts has ended, or when it ends itself without the
ranges. The last of them keeps the state in which it ended.
Read from panda-server@9cc36033: TaskBuffer.py#L675, dataservice/adder_gen.py#L216,
db_proxy_mods/job_complex_module.py#L1623 and #L1929, task_event_module.py#L51 and #L879.

Two things are kinder than there. A clone that asks again is given what it already has; the real
server answers an empty list, so that a pilot whose answer was lost takes itself for a loser, and
a runonce clone that asked before its first running update is told to die. And the adder may
take the ranges of a holding storeonce job; there getEventRanges skips a job in that state.
"""

from __future__ import annotations

from fakeserver.codes import TaskBufferError
from fakeserver.events import EVENT_RANGES
from fakeserver.events import SERVER
from fakeserver.jobs import Job
from fakeserver.jobtable import JobTable
from fakeserver.ranges import EventRange
from fakeserver.ranges import RangeTable
from fakeserver.states import QUEUED
from fakeserver.states import Actor
from fakeserver.states import State

ASKING = (State.SENT, State.STARTING, State.RUNNING)


def acquire(
    table: JobTable,
    ranges: RangeTable,
    job: Job,
    *,
    count: int,
    who: str,
    now: float,
    states: tuple[State, ...] = ASKING,
) -> list[EventRange]:
    """Give *job* at most *count* ranges, close who waits in vain, and return what was given."""
    why = obstacle(ranges, job, states=states)
    given = [] if why else hand_over(ranges, job, count=count)
    why = why or ("" if given else "no more ranges")
    table.journal.emit(
        EVENT_RANGES,
        who=SERVER,
        job=job.panda_id,
        pilot=who,
        ranges=[each.name for each in given],
        why=why,
    )
    if not job.spec.jumbo and not ranges.any_ready(job.spec.jobset):
        close_waiting(table, ranges, job, now=now)
    return given


def obstacle(ranges: RangeTable, job: Job, *, states: tuple[State, ...]) -> str:
    """Return why *job* may not have ranges, or nothing; it must be in one of *states*."""
    if not job.spec.shares_events:
        return "not a job of the event service"
    if job.state not in states:
        return f"the job is {job.state}"
    if job.command == "tobekilled":
        return "the job is being killed"
    holder = ranges.holder(job.spec.jobset) if job.spec.clone_mode else 0
    return f"clone {holder} has them" if holder not in (0, job.panda_id) else ""


def hand_over(ranges: RangeTable, job: Job, *, count: int) -> list[EventRange]:
    """Give ranges to *job*, or those again that a clone already has."""
    own = ranges.owned(job.spec.jobset, owner=job.panda_id) if job.spec.clone_mode else []
    if own:
        return own[:count]
    if job.spec.jumbo:
        return ranges.take_any(job.spec.task_id, owner=job.panda_id, count=count)
    return ranges.take(job.spec.jobset, owner=job.panda_id, count=count)


def holds(ranges: RangeTable, job: Job) -> bool:
    """Tell whether the clone *job* is the one that counts."""
    return any(each.jobset == job.spec.jobset for each in ranges.held(job.panda_id))


def close_waiting(table: JobTable, ranges: RangeTable, winner: Job, *, now: float) -> None:
    """Close the jobs of the jobset that no pilot has yet: nothing is left for them."""
    for other in table.jobset(winner):
        if other.state in QUEUED:
            close(table, other, reason=reason_for(ranges, other), now=now)


def close_others(table: JobTable, winner: Job, *, now: float) -> None:
    """Close every other clone once the one that counts has ended."""
    for other in table.jobset(winner):
        close(table, other, reason=f"another clone, {winner.panda_id}, counts", now=now)


def close(table: JobTable, job: Job, *, reason: str, now: float) -> None:
    """Close *job* as superfluous."""
    clone = bool(job.spec.clone_mode)
    job.fields["taskBufferErrorCode"] = int(
        TaskBufferError.CLONE_UNLOCK if clone else TaskBufferError.EVENTS_UNUSED
    )
    job.fields["taskBufferErrorDiag"] = reason
    table.change(job, State.CLOSED, actor=Actor.CLONES, reason=reason, now=now)


def reason_for(ranges: RangeTable, job: Job) -> str:
    """Return why a clone or event job is superfluous."""
    holder = ranges.holder(job.spec.jobset)
    if job.spec.clone_mode and holder:
        return f"another clone, {holder}, has the event ranges"
    return "no event ranges" if job.spec.clone_mode else "other jobs took all event ranges"
