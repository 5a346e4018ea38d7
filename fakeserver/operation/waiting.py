"""Why does this job wait? The rules of dispatch, asked of the pilots that came by."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from fakeserver.dispatch import place_of
from fakeserver.jobs import Job
from fakeserver.matching import Asking
from fakeserver.matching import obstacles
from fakeserver.states import State

if TYPE_CHECKING:
    from fakeserver.server import PandaServer

NOT_YET = {
    State.DEFINED: "brokerage has not looked at it yet",
    State.ASSIGNED: "its inputs are on their way",
    State.THROTTLED: "its user has too many jobs",
}
PILOTS_MAX = 8


def why_waiting(server: PandaServer, job: Job) -> dict[str, Any]:
    """Return whether *job* waits, since when (POSIX), and why: one text each reason.

    *before* is how many jobs a pilot that may have it would get first, None if no pilot may.
    """
    waits = job.state in (*NOT_YET, State.WAITING, State.ACTIVATED)
    before: int | None = None
    reasons: list[str] = []
    if job.state is State.ACTIVATED:
        before, reasons = _activated(server, job)
    elif waits:
        reasons = [_not_yet(job)]
    return {
        "job": job.panda_id,
        "state": job.state.value,
        "waits": waits,
        "since": job.changed_at if waits else None,
        "before": before,
        "reasons": reasons,
    }


def _not_yet(job: Job) -> str:
    why = job.fields.get("brokerageErrorDiag")
    return str(why) if why else NOT_YET.get(job.state, "an input is missing")


def _activated(server: PandaServer, job: Job) -> tuple[int | None, list[str]]:
    queue = job.spec.queue
    if queue not in server.queues:
        notes = [f"there is no queue {queue}"] if server.queues else []
    else:
        status = str(server.queues[queue].get("status") or "online")
        notes = [] if status == "online" else [f"the queue is {status}"]
    seen = server.sightings.at(queue)
    if not seen:
        return None, [*notes, f"no pilot has asked at {queue}"]
    before, told = _of_pilots(server, job, [request for request, _ in seen[:PILOTS_MAX]])
    return before, [*notes, *told]


def _of_pilots(server: PandaServer, job: Job, requests: list[Any]) -> tuple[int | None, list[str]]:
    known = server.table.waiting.alike(job.panda_id)
    if known is None:
        return None, []
    shape, entry = known
    reasons: dict[str, None] = {}
    for request in requests:
        asking = Asking(request, server.queues.get(request.queue, {}), server.policy.cross_vo)
        against = obstacles(shape, job.spec, asking)
        if not against:
            before = server.table.waiting.before(place_of(request), entry)
            turn = f"{before} jobs go first" if before else "it is next"
            return before, [f"a pilot that may have it came by; {turn}"]
        reasons |= dict.fromkeys(against)
    return None, list(reasons)
