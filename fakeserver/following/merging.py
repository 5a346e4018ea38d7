"""Merge jobs: the outputs of a group of jobs become one.

Jobs with unmerged outputs that are otherwise done wait in *merging*. When no job of their task and
jobset is still under way, one job reads their outputs; how it ends is how they end.
Read from panda-server@9cc36033:taskbuffer/db_proxy_mods/job_complex_module.py#L1155
(updateUnmergedJobs). Simplified: one merge job a group; there it is a task's business how many.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from typing import Sequence

from fakeserver.codes import TaskBufferError
from fakeserver.events import JOB_FOLLOWED
from fakeserver.events import SERVER
from fakeserver.jobs import InputFile
from fakeserver.jobs import Job
from fakeserver.jobs import JobSpec
from fakeserver.jobs import OutputFile
from fakeserver.jobtable import Group
from fakeserver.states import Actor
from fakeserver.states import State

if TYPE_CHECKING:
    from fakeserver.server import PandaServer

PROCESSING = "pmerge"
ATTEMPTS = 3


def merge(server: PandaServer, group: Group, *, now: float) -> Job | None:
    """Define the job that merges what waits in *group*; return it, or None if it is too early."""
    waiting = [job for job in server.table.merging(group) if not job.merged_by]
    if not waiting or server.table.unmerged(group):
        return None
    spec = merge_spec(waiting, panda_id=server.new_id())
    made = server.admit(spec, now=now)
    for job in waiting:
        job.merged_by = made.panda_id
        server.table.touch(job)
        server.journal.emit(
            JOB_FOLLOWED, who=SERVER, job=job.panda_id, next=made.panda_id, why="merge"
        )
    return made


def merge_spec(jobs: Sequence[Job], *, panda_id: int) -> JobSpec:
    """Return the job that merges the outputs of *jobs*."""
    first = jobs[0].spec
    inputs = tuple(each for job in jobs for each in outputs_of(job))
    lfns = ",".join(each.lfn for each in inputs)
    name = f"merged.{panda_id}"
    endpoint = first.outputs[0].endpoint if first.outputs else ""
    return replace(
        first,
        panda_id=panda_id,
        kind="merge",
        processing_type=PROCESSING,
        name=f"{first.name or 'flightsim'}.{name}",
        inputs=inputs,
        outputs=(OutputFile(f"{name}.root", endpoint=endpoint),),
        log=OutputFile(f"{name}.log.tgz", endpoint=endpoint) if first.log else None,
        job_pars=f"--inputs {lfns} --output {name}.root",
        clone_mode="",
        event_ranges=0,
        jobset_id=first.jobset,
        attempt=1,
        parent=0,
        max_attempt=max(first.max_attempt, ATTEMPTS),
        unmerged=False,
        jumbo=False,
        merges=tuple(job.panda_id for job in jobs),
    )


def outputs_of(job: Job) -> list[InputFile]:
    """Return the registered outputs of *job*, the log left out, as inputs."""
    return [
        _input(each, job.stored[each.lfn]) for each in job.spec.outputs if each.lfn in job.stored
    ]


def _input(output: OutputFile, stored: Sequence[object]) -> InputFile:
    guid, size, adler32, endpoint = stored
    return InputFile(
        output.lfn,
        guid=str(guid),
        size=int(str(size or 0)),
        adler32=str(adler32),
        scope=output.scope,
        dataset=output.dataset,
        endpoint=str(endpoint),
    )


def follow_merge(server: PandaServer, job: Job, *, again: Job | None, now: float) -> None:
    """Let the jobs that *job* merged end as it did, or wait for its next attempt *again*."""
    for panda_id in job.spec.merges:
        merged = server.jobs[panda_id]
        if merged.final or merged.merged_by != job.panda_id:
            continue
        if again is not None:
            merged.merged_by = again.panda_id
            server.table.touch(merged)
        else:
            _end(server, merged, by=job, now=now)


def _end(server: PandaServer, merged: Job, *, by: Job, now: float) -> None:
    good = by.state is State.FINISHED
    reason = f"merged by {by.panda_id}" if good else f"merge job {by.panda_id} {by.state}"
    if not good:
        merged.fields |= {
            "taskBufferErrorCode": int(TaskBufferError.MERGE_FAILED),
            "taskBufferErrorDiag": reason,
        }
    state = State.FINISHED if good else State.FAILED
    server.table.change(merged, state, actor=Actor.ADDER, reason=reason, now=now)
