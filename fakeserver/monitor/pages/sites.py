"""Sites: each queue with its jobs, its pilots and how many of its jobs end well."""

from __future__ import annotations

from typing import Any

from fakeserver.monitor import charts
from fakeserver.monitor.registry import Ask
from fakeserver.monitor.registry import Content
from fakeserver.monitor.registry import page
from fakeserver.monitor.tallies import ends_per
from fakeserver.monitor.tallies import errors
from fakeserver.monitor.tallies import lately
from fakeserver.monitor.tallies import ordered
from fakeserver.operation import counts

PARTS = 40
HOURS_S = 6 * 3600.0


@page("sites", title="Sites")
def sites(ask: Ask) -> Content:
    """Return one card a queue, those without jobs too."""
    jobs = lately(ask.model)
    by_queue = counts(ask.model.table)
    names = sorted({*ask.model.queues, *by_queue, *ask.model.sightings.queues()})
    return {"sites": [_site(ask, name, by_queue.get(name, {}), jobs) for name in names]}


def _site(ask: Ask, name: str, states: dict[str, int], jobs: list[Any]) -> dict[str, Any]:
    own = [job for job in jobs if job.spec.queue == name]
    good, bad = states.get("finished", 0), states.get("failed", 0)
    begin = max(ask.now - HOURS_S, min((job.changed_at for job in own), default=ask.now))
    ends = ends_per(own, begin=begin, end=ask.now, count=PARTS)
    return {
        "name": name,
        "status": str(ask.model.queues.get(name, {}).get("status") or "unknown"),
        "states": ordered(states),
        "strip": charts.strip(ordered(states), label=f"jobs at {name} by state"),
        "spark": charts.spark(ends, label=f"jobs ended at {name}", name="finished"),
        "rate": good / (good + bad) if good + bad else None,
        "asked": ask.model.sightings.last(name),
        "errors": errors(own)[:3],
    }
