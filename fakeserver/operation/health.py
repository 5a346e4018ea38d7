"""Health: the whole server on one line, for people and for programs that watch it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from fakeserver.operation.history import counts
from fakeserver.operation.schedulers import schedulers
from fakeserver.states import QUEUED
from fakeserver.states import WITH_PILOT

if TYPE_CHECKING:
    from fakeserver.server import PandaServer

OVERDUE_S = 600.0


def health(server: PandaServer, *, now: float) -> dict[str, Any]:
    """Return how many jobs are where, what is overdue, and how many alarms there are.

    *ok* is whether nothing is wrong: no alarm, and the reaper does what is due.
    """
    states: dict[str, int] = {}
    for at in counts(server.table).values():
        for state, number in at.items():
            states[state] = states.get(state, 0) + number
    due = server.next_deadline(0.0)
    overdue_s = max(0.0, now - due) if due is not None else 0.0
    alarms = len(server.alarms.present())
    return {
        "ok": not alarms and overdue_s < OVERDUE_S,
        "at": now,
        "jobs": len(server.jobs),
        "waiting": sum(states.get(state.value, 0) for state in QUEUED),
        "with_pilots": sum(states.get(state.value, 0) for state in WITH_PILOT),
        "states": dict(sorted(states.items())),
        "archived": {month: len(jobs) for month, jobs in sorted(server.table.months.items())},
        "overdue_s": overdue_s,
        "alarms": alarms,
        "schedulers": len(schedulers(server, now=now)),
        "workers": len(server.workers),
        "users": len(server.people.users),
        "tasks": len(server.tasks.tasks),
    }
