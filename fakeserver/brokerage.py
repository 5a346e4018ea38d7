"""Brokerage: from defined to activated, or to why not yet.

A job that names no queue gets the fitting one with the fewest jobs waiting for each that runs. It
waits while a dataset that it reads is missing or no queue fits, and is throttled while its user
has too many jobs. Read from panda-server@9cc36033:brokerage/broker.py, dataservice/activator.py.
Not modelled: transfers of inputs (an input is there or missing), data locality, clouds, nuclei.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from typing import Collection
from typing import Mapping

from fakeserver.identity import compact
from fakeserver.jobs import Job
from fakeserver.jobs import JobSpec
from fakeserver.jobtable import JobTable
from fakeserver.matching.request import JobRequest
from fakeserver.matching.rules import Asking
from fakeserver.matching.rules import cores
from fakeserver.matching.rules import memory
from fakeserver.matching.shape import shape_of
from fakeserver.people import People
from fakeserver.states import WITH_PILOT
from fakeserver.states import Actor
from fakeserver.states import State

Queues = Mapping[str, Mapping[str, Any]]
OPEN = ("online", "test", "brokeroff", "")
TYPES = {"production": ("managed", "prod_test", "test"), "analysis": ("user", "panda")}
NO_QUEUE = "no queue fits"


def choose_queue(table: JobTable, queues: Queues, spec: JobSpec) -> str:
    """Return the queue that a job is to run at, or nothing."""
    fitting = [name for name, data in sorted(queues.items()) if suits(spec, name, data)]
    return min(fitting, key=lambda name: (pressure(table, name), name), default="")


def suits(spec: JobSpec, name: str, data: Mapping[str, Any]) -> bool:
    """Tell whether the queue *name* may run a job of *spec*."""
    if str(data.get("status") or "") not in OPEN:
        return False
    labels = TYPES.get(str(data.get("type") or ""))
    if labels is not None and spec.source_label not in labels:
        return False
    asking = Asking(JobRequest(name, memory=_whole(data.get("maxrss"))), data)
    shape = shape_of(spec, share="")
    vo = str(data.get("vo_name") or "")
    return not (cores(shape, asking) or memory(shape, asking)) and spec.vo in ("", vo or spec.vo)


def pressure(table: JobTable, queue: str) -> float:
    """Return how many jobs wait at *queue* for each one that is with a pilot there."""
    running = sum(len(table.at(queue, state)) for state in WITH_PILOT)
    return (len(table.at(queue, State.ACTIVATED)) + 1) / (running + 1)


def place(
    table: JobTable,
    job: Job,
    *,
    queues: Queues,
    missing: Collection[str],
    people: People,
    now: float,
) -> None:
    """Take *job*, which is defined or waits, as far towards a pilot as it can go."""
    if not job.spec.queue:
        queue = choose_queue(table, queues, job.spec)
        if queue:
            table.respecify(job, replace(job.spec, queue=queue))
    why = obstacle(job.spec, missing)
    if why:
        job.fields["brokerageErrorDiag"] = why
        if job.state is not State.WAITING:
            table.change(job, State.WAITING, actor=Actor.BROKER, reason=why, now=now)
        table.touch(job)
        return
    job.fields.pop("brokerageErrorDiag", None)
    table.change(job, State.ASSIGNED, actor=Actor.BROKER, now=now)
    activate(table, job, people=people, now=now)


def obstacle(spec: JobSpec, missing: Collection[str]) -> str:
    """Return why a job has to wait, or nothing."""
    if not spec.queue:
        return NO_QUEUE
    absent = sorted({each.dataset for each in spec.inputs if each.dataset in missing})
    return f"missing dataset {', '.join(absent)}" if absent else ""


def activate(table: JobTable, job: Job, *, people: People, now: float) -> None:
    """Let *job* wait for a pilot, or be throttled if its user has too many."""
    user = compact(job.spec.user)
    if people.throttled(user, active=table.active_of(user)):
        if job.state is not State.THROTTLED:
            reason = f"{user} has too many jobs"
            table.change(job, State.THROTTLED, actor=Actor.BROKER, reason=reason, now=now)
        return
    table.change(job, State.ACTIVATED, actor=Actor.BROKER, now=now)


def unthrottle(table: JobTable, user: str, *, people: People, now: float) -> None:
    """Let throttled jobs of *user* wait for a pilot again, as many as may, lowest id first."""
    held = table.of_user(user, State.THROTTLED)
    while held and not people.throttled(user, active=table.active_of(user)):
        activate(table, held[min(held)], people=people, now=now)


def _whole(value: Any) -> int:
    try:
        return int(value or 0)
    except (TypeError, ValueError):
        return 0
