"""Pilots: who has jobs, who asked, which nodes and workers there are."""

from __future__ import annotations

from typing import Any

from fakeserver.monitor import charts
from fakeserver.monitor.registry import Ask
from fakeserver.monitor.registry import Content
from fakeserver.monitor.registry import page
from fakeserver.monitor.tallies import lately
from fakeserver.monitor.tallies import ordered
from fakeserver.operation import schedulers

ROWS = 200


@page("pilots", title="Pilots")
def pilots(ask: Ask) -> Content:
    """Return one row a pilot, what was asked for lately, workers, nodes, schedulers."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for job in lately(ask.model):
        if not job.pilot:
            continue
        new = {"name": job.pilot, "node": job.node, "states": {}, "seen": 0.0, "now": []}
        row = found.setdefault((job.pilot, job.node), new)
        row["states"][job.state.value] = row["states"].get(job.state.value, 0) + 1
        row["seen"] = max(row["seen"], job.updated_at)
        if not job.final:
            row["now"].append(job.panda_id)
    rows = sorted(found.values(), key=lambda row: float(row["seen"]), reverse=True)[:ROWS]
    for row in rows:
        row["states"] = ordered(row["states"])
        row["strip"] = charts.strip(row["states"], label=f"jobs of {row['name']} by state")
    asked: list[dict[str, Any]] = [
        {"queue": queue, "request": request, "at": at}
        for queue in ask.model.sightings.queues()
        for request, at in ask.model.sightings.at(queue)[:5]
    ]
    asked.sort(key=lambda each: each["at"], reverse=True)
    return {
        "rows": rows,
        "asked": asked[:ROWS],
        "workers": dict(list(ask.model.workers.items())[-ROWS:]),
        "nodes": dict(list(ask.model.worker_nodes.items())[-ROWS:]),
        "schedulers": schedulers(ask.model, now=ask.now),
    }
