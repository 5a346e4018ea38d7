"""Dispatch: which waiting job goes to a pilot that asks.

A job must be activated for the queue, its label must be one that the pilot's label stands for,
and its demands must fit; the highest priority wins, then the lowest id. A dispatched job is
*sent*, whether or not the answer arrives. Read from panda-server@9cc36033:
taskbuffer/db_proxy_mods/job_complex_module.py#L2061 (construct_where_clause) and #L2153
(getJobs). Not modelled: shares, brokerage, memory throttling, offline queues (the real
dispatcher does not look at the status, except that ``test`` changes the label).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from typing import Mapping

from fakeserver.events import JOB_DISPATCHED
from fakeserver.events import SERVER
from fakeserver.identity import compact
from fakeserver.jobs import Job
from fakeserver.jobs import JobSpec
from fakeserver.jobtable import JobTable
from fakeserver.states import Actor
from fakeserver.states import State

RECENT_S = 60.0

LABELS: Mapping[str, tuple[str, ...]] = {
    "": ("managed", "test", "prod_test", "install"),
    "managed": ("managed", "test", "prod_test", "install"),
    "user": ("user", "panda", "install"),
    "unified": ("managed", "test", "prod_test", "install", "user", "panda"),
}
TEST_LABELS = ("prod_test", "install", "test")
TEST_PROCESSING = "gangarobot"


@dataclass(frozen=True, slots=True)
class JobRequest:
    """What a pilot asks for; zero and empty mean that it does not care."""

    queue: str
    label: str = ""
    element: str = ""
    node: str = ""
    memory: int = 0
    disk: int = 0
    remaining_time: int = 0
    user: str = ""
    task: str = ""
    resource_type: str = ""


def effective_label(request: JobRequest, queuedata: Mapping[str, Any]) -> str:
    """Return the label that counts: at a queue in status ``test`` most ask for tests."""
    in_test = queuedata.get("status") == "test"
    return "test" if in_test and request.label in ("user", "managed", "unified") else request.label


def choose(table: JobTable, request: JobRequest, *, label: str) -> Job | None:
    """Return the job that *request* is to get, or None."""
    fitting = [
        job
        for job in table.alive()
        if job.state is State.ACTIVATED
        and job.spec.queue == request.queue
        and label_fits(job.spec, label, element=request.element)
        and demands_fit(job.spec, request)
    ]
    return min(fitting, key=lambda job: (-job.spec.priority, job.panda_id), default=None)


def label_fits(spec: JobSpec, label: str, *, element: str) -> bool:
    """Tell whether a pilot asking for *label* may run the job."""
    if label == "test" and element:
        return spec.processing == TEST_PROCESSING or spec.source_label in TEST_LABELS
    return spec.source_label in LABELS.get(label, (label,))


def demands_fit(spec: JobSpec, request: JobRequest) -> bool:
    """Tell whether the job needs no more than there is and is what was asked for by name."""
    enough = (
        (request.memory, spec.min_ram_count),
        (request.disk, spec.max_disk_count),
        (request.remaining_time, spec.max_walltime),
    )
    wanted = (
        (request.user and compact(request.user), compact(spec.user)),
        (request.task if request.task != "NULL" else "", str(spec.task_id)),
        (request.resource_type, spec.resource_type),
    )
    return all(not there or need <= there for there, need in enough) and all(
        not name or name == own for name, own in wanted
    )


def send(table: JobTable, job: Job, *, request: JobRequest, who: str, now: float) -> None:
    """Hand *job* to the pilot *who*: from now on it is sent."""
    if not table.change(job, State.SENT, actor=Actor.DISPATCHER, by=who, now=now):
        return
    job.pilot, job.node, job.updated_at = who, request.node, now
    table.journal.emit(JOB_DISPATCHED, who=SERVER, job=job.panda_id, pilot=who, attempt=job.attempt)


def sent_lately(table: JobTable, queue: str, *, label: str, now: float) -> int:
    """Return ``nSent``: production jobs of *queue* sent in the last minute and not yet begun."""
    if label not in ("", "managed"):
        return 0
    return sum(
        job.state is State.SENT
        and job.spec.queue == queue
        and job.spec.source_label in ("managed", "test")
        and job.updated_at > now - RECENT_S
        for job in table.alive()
    )
