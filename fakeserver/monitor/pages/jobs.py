"""A table of jobs, to be narrowed down."""

from __future__ import annotations

from typing import Iterable
from urllib.parse import urlencode

from fakeserver.identity import compact
from fakeserver.jobs import Job
from fakeserver.monitor.registry import Ask
from fakeserver.monitor.registry import Content
from fakeserver.monitor.registry import page
from fakeserver.monitor.tallies import ordered

ROWS = 100
FILTERS = ("state", "queue", "user", "kind", "find")


@page("jobs", title="Jobs")
def jobs(ask: Ask) -> Content:
    """Return a page of the jobs that fit the query, the latest first."""
    wanted = {name: ask.text(name) for name in FILTERS}
    fitting = [job for job in reversed(list(ask.model.jobs.values())) if fits(job, wanted)]
    pages = max(1, -(-len(fitting) // ROWS))
    number = min(ask.whole("page", 1), pages)
    counts: dict[str, int] = {}
    for job in fitting:
        counts[job.state.value] = counts.get(job.state.value, 0) + 1
    return {
        "rows": rows(fitting[(number - 1) * ROWS : number * ROWS]),
        "wanted": wanted,
        "counts": ordered(counts),
        "found": len(fitting),
        "number": number,
        "pages": pages,
        "link": lambda **changes: link(wanted, **changes),
    }


def fits(job: Job, wanted: dict[str, str]) -> bool:
    """Tell whether *job* is one of those that are wanted; an empty wish is none."""
    own = {
        "state": job.state.value,
        "queue": job.spec.queue,
        "user": compact(job.spec.user),
        "kind": job.spec.kind,
    }
    if any(wanted[name] and wanted[name] != value for name, value in own.items()):
        return False
    return not wanted["find"] or wanted["find"] in f"{job.panda_id} {job.spec.name} {job.pilot}"


def rows(chosen: Iterable[Job]) -> list[dict[str, object]]:
    """Return what a table shows of jobs."""
    return [
        {
            "id": job.panda_id,
            "name": job.spec.name,
            "state": job.state.value,
            "queue": job.spec.queue,
            "user": compact(job.spec.user),
            "kind": job.spec.kind,
            "attempt": job.attempt,
            "priority": job.spec.priority,
            "pilot": job.pilot,
            "since": job.changed_at,
            "error": str(job.fields.get("pilotErrorDiag") or ""),
        }
        for job in chosen
    ]


def link(wanted: dict[str, str], **changes: object) -> str:
    """Return the query for the same wishes with *changes*; an empty one goes."""
    given = {**wanted, **{name: str(value) for name, value in changes.items()}}
    return "?" + urlencode({name: value for name, value in given.items() if value})
