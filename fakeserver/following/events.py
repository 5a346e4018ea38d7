"""After a consumer of events: another consumer for what is left, or a job that merges the rest.

Only for jobs that may be tried again (``max_attempt``): others are nobody's task, and the server
leaves them alone. Read from panda-server@9cc36033:taskbuffer/db_proxy_mods/
job_complex_module.py#L4896 (ppEventServiceJob). Not modelled: queues of their own for merging,
partial finish, co-jumbo jobs that wait at no site.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fakeserver.codes import TaskBufferError
from fakeserver.events import JOB_FOLLOWED
from fakeserver.events import SERVER
from fakeserver.following.retries import next_attempt
from fakeserver.jobs import InputFile
from fakeserver.jobs import Job
from fakeserver.jobs import JobSpec
from fakeserver.jobs import OutputFile
from fakeserver.ranges import EventRange
from fakeserver.states import State

if TYPE_CHECKING:
    from fakeserver.server import PandaServer

MERGES = "event_merges"
MERGE_ATTEMPTS = 3
KILLED = (State.CANCELLED, State.CLOSED)


def follow_consumer(server: PandaServer, job: Job, *, now: float) -> None:
    """Draw the consequences of the end of *job*, if it consumed events or merged them."""
    if job.spec.kind == "merge":
        _merged(server, job)
    if job.spec.kind != "event" or not job.spec.max_attempt:
        return
    done = _settle(server, job)
    jobsets = sorted({each.jobset for each in server.ranges.held(job.panda_id)})
    for jobset in sorted({job.spec.jobset, *jobsets}):
        _look_after(server, job, jobset, done=done, now=now)


def _settle(server: PandaServer, job: Job) -> int:
    """Let what *job* finished be done; return how many ranges that are."""
    finished = [each for each in server.ranges.held(job.panda_id) if each.status == "finished"]
    for each in finished:
        server.ranges.set(each, "done")
    return len(finished)


def _look_after(server: PandaServer, job: Job, jobset: int, *, done: int, now: float) -> None:
    own = jobset == job.spec.jobset
    if server.ranges.any_ready(jobset):
        if own:
            _go_on(server, job, now=now)
        return
    ranges = server.ranges.of(jobset)
    if any(each.status == "sent" for each in ranges) or _others(server, job, jobset):
        code = TaskBufferError.EVENTS_WAIT_OTHERS if done else TaskBufferError.EVENTS_UNPROCESSED
        _explain(server, job, code, "other consumers are still running")
    elif any(each.status == "done" for each in ranges):
        _merge(server, job, jobset, now=now)
    elif not any(each.status == "merged" for each in ranges):
        _explain(server, job, TaskBufferError.EVENTS_ALL_FAILED, "all event ranges failed")


def _go_on(server: PandaServer, job: Job, *, now: float) -> None:
    """Define another consumer for what *job* left, unless it was its last attempt."""
    if job.state in KILLED or job.command == "tobekilled":
        return
    if not job.spec.may_try_again:
        last = TaskBufferError.EVENTS_LAST_UNPROCESSED
        code = TaskBufferError.EVENTS_MAX_ATTEMPT if server.table.jobset(job) else last
        _explain(server, job, code, "maximum event attempts reached")
        return
    again = server.admit(_next(job.spec, server.new_id()), now=now)
    job.retried_by = again.panda_id
    diag = f"closed to retry unprocessed event ranges in PandaID={again.panda_id}"
    _explain(server, job, TaskBufferError.EVENTS_RETRIED, diag)
    server.journal.emit(
        JOB_FOLLOWED, who=SERVER, job=job.panda_id, next=again.panda_id, why="events are left"
    )


def _next(spec: JobSpec, panda_id: int) -> JobSpec:
    # The jobset of a job that gave none is its own id, and must stay what it was.
    return replace(next_attempt(spec, panda_id), jobset_id=spec.jobset)


def _others(server: PandaServer, job: Job, jobset: int) -> bool:
    return any(other.spec.jobset == jobset for other in server.table.jobset(job))


def _merge(server: PandaServer, job: Job, jobset: int, *, now: float) -> None:
    """Define the job that merges the ranges of *jobset*, once."""
    merges = server.rooms.room(MERGES)
    if str(jobset) in merges:
        return
    made = server.admit(_merge_spec(server, job, jobset, server.new_id()), now=now)
    merges[str(jobset)] = made.panda_id
    diag = f"closed to merge pre-merged files in PandaID={made.panda_id}"
    _explain(server, job, TaskBufferError.EVENTS_MERGE, diag)
    server.journal.emit(
        JOB_FOLLOWED, who=SERVER, job=job.panda_id, next=made.panda_id, why="merge events"
    )


def _merge_spec(server: PandaServer, job: Job, jobset: int, panda_id: int) -> JobSpec:
    spec = job.spec
    done = [each for each in server.ranges.of(jobset) if each.status == "done"]
    inputs = tuple(_part(each) for each in done)
    names = ",".join(each.lfn for each in inputs)
    outputs = tuple(each.lfn for each in spec.outputs)
    extras = {
        **spec.extras,
        "eventServiceMerge": "True",
        "writeToFile": f"inputFor_{','.join(outputs)}:{names}",
    }
    log = replace(spec.log, lfn=f"{spec.log.lfn}.{panda_id}", guid="") if spec.log else None
    return replace(
        spec,
        panda_id=panda_id,
        kind="merge",
        name=f"{spec.name or 'flightsim'}.esmerge.{panda_id}",
        inputs=inputs,
        outputs=tuple(OutputFile(lfn, endpoint=_place(spec)) for lfn in outputs),
        log=log,
        event_ranges=0,
        jobset_id=jobset,
        attempt=1,
        parent=job.panda_id,
        max_attempt=MERGE_ATTEMPTS,
        jumbo=False,
        extras=extras,
    )


def _part(each: EventRange) -> InputFile:
    return InputFile(f"{each.name}.tar", scope="transient", dataset=f"es:{each.jobset}")


def _place(spec: JobSpec) -> str:
    return spec.outputs[0].endpoint if spec.outputs else ""


def _merged(server: PandaServer, job: Job) -> None:
    if job.state is not State.FINISHED or "eventServiceMerge" not in job.spec.extras:
        return
    for each in server.ranges.of(job.spec.jobset):
        if each.status == "done":
            server.ranges.set(each, "merged")


def _explain(server: PandaServer, job: Job, code: TaskBufferError, diag: str) -> None:
    job.fields |= {"taskBufferErrorCode": int(code), "taskBufferErrorDiag": diag}
    server.table.touch(job)
