"""Dispatch: which waiting job goes to a pilot that asks.

A job must be activated for the queue, and no rule (``matching.rules``) may be against it; of
those the share whose turn it is goes first, then the highest priority, then the lowest id. A
dispatched job is *sent*, whether or not the answer arrives. Read from panda-server@9cc36033:
taskbuffer/db_proxy_mods/job_complex_module.py#L2153 (getJobs). Not modelled: memory throttling
of push queues, offline queues (the real dispatcher does not look at the status, except that
``test`` changes the label).
"""

from __future__ import annotations

from typing import Mapping

from fakeserver.events import JOB_DISPATCHED
from fakeserver.events import SERVER
from fakeserver.jobs import Job
from fakeserver.jobs import JobSpec
from fakeserver.jobtable import JobTable
from fakeserver.matching import Asking
from fakeserver.matching import JobRequest
from fakeserver.matching import effective_label
from fakeserver.matching import obstacle
from fakeserver.matching.labels import stands_for
from fakeserver.matching.rules import personal
from fakeserver.matching.rules import wanted_task
from fakeserver.matching.rules import wanted_user
from fakeserver.matching.waiting import Place
from fakeserver.states import Actor
from fakeserver.states import State

__all__ = ["JobRequest", "choose", "effective_label", "label_fits", "send", "sent_lately"]

RECENT_S = 60.0
Order = tuple[int, int, int]


def choose(table: JobTable, asking: Asking) -> Job | None:
    """Return the job that a pilot is to get, or None."""
    ranks = table.shares.ranks() if table.shares else {}
    both = wanted_task(asking.request) and wanted_user(asking.request)
    best = _first_personal(table, asking, ranks) if both else _first(table, asking, ranks)
    return None if best is None else table.jobs[best[2]]


def _first(table: JobTable, asking: Asking, ranks: Mapping[str, int]) -> Order | None:
    best: Order | None = None
    for shape, (priority, panda_id) in table.waiting.shapes(place_of(asking.request)):
        order = (ranks.get(shape.share, len(ranks) + 1), priority, panda_id)
        if (best is None or order < best) and not obstacle(shape, asking):
            best = order
    return best


def _first_personal(table: JobTable, asking: Asking, ranks: Mapping[str, int]) -> Order | None:
    """Return the first job of one user in one task, for which no place is kept."""
    fitting = [
        (ranks.get(shape.share, len(ranks) + 1), priority, panda_id)
        for (priority, panda_id), shape in table.waiting.entries(place_of(asking.request))
        if not obstacle(shape, asking)
        and not any(why for _, why in personal(table.jobs[panda_id].spec, asking.request))
    ]
    return min(fitting, default=None)


def place_of(request: JobRequest) -> Place:
    """Return where the jobs wait that a pilot may get."""
    task, user = wanted_task(request), wanted_user(request)
    if task:
        return request.queue, "task", task
    return (request.queue, "user", user) if user else (request.queue,)


def label_fits(spec: JobSpec, label: str, *, element: str) -> bool:
    """Tell whether a pilot asking for *label* may run the job."""
    return stands_for(label, spec.source_label, processing=spec.processing, element=element)


def send(table: JobTable, job: Job, *, request: JobRequest, who: str, now: float) -> None:
    """Hand *job* to the pilot *who*: from now on it is sent."""
    job.updated_at = now
    if not table.change(job, State.SENT, actor=Actor.DISPATCHER, by=who, now=now):
        return
    job.pilot, job.node, job.worker = who, request.node, request.worker
    if request.scheduler:
        job.fields["schedulerID"] = request.scheduler
    table.touch(job)
    table.journal.emit(JOB_DISPATCHED, who=SERVER, job=job.panda_id, pilot=who, attempt=job.attempt)


def sent_lately(table: JobTable, queue: str, *, label: str, now: float) -> int:
    """Return ``nSent``: production jobs of *queue* sent in the last minute and not yet begun."""
    if label not in ("", "managed"):
        return 0
    return sum(
        job.spec.source_label in ("managed", "test") and job.updated_at > now - RECENT_S
        for job in table.at(queue, State.SENT).values()
    )
