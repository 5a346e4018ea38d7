"""The first page: how it goes, at a glance."""

from __future__ import annotations

from fakeserver.monitor import charts
from fakeserver.monitor.registry import Ask
from fakeserver.monitor.registry import Content
from fakeserver.monitor.registry import page
from fakeserver.monitor.tallies import ends_per
from fakeserver.monitor.tallies import lately
from fakeserver.monitor.tallies import ordered
from fakeserver.monitor.tallies import over_time
from fakeserver.operation import counts

PARTS = 40
LATEST = 12
ALARMS = 4


@page("", title="Overview")
def overview(ask: Ask) -> Content:
    """Return tiles, the jobs of all queues, one row a queue, the latest requests."""
    jobs = lately(ask.model)
    by_queue = counts(ask.model.table)
    total: dict[str, int] = {}
    for states in by_queue.values():
        for state, number in states.items():
            total[state] = total.get(state, 0) + number
    series = over_time(jobs, now=ask.now)
    begin = min((points[0][0] for points in series.values()), default=ask.now)
    queues = [
        {
            "name": name,
            "states": ordered(states),
            "strip": charts.strip(ordered(states), label=f"jobs at {name} by state"),
            "spark": charts.spark(
                ends_per(
                    [job for job in jobs if job.spec.queue == name],
                    begin=begin,
                    end=ask.now,
                    count=PARTS,
                ),
                label=f"jobs ended at {name}",
                name="finished",
            ),
        }
        for name, states in sorted(by_queue.items())
    ]
    return {
        "states": ordered(total),
        "share": share(total.get("failed", 0), total.get("finished", 0)),
        "areas": charts.areas(series, label="jobs by state, over time"),
        "shown": list(series),
        "queues": queues,
        "requests": ask.meter.often(ask.meter.requests, LATEST),
        "latest": ask.meter.lately(LATEST),
        "refusals": ask.meter.often(ask.meter.refusals, LATEST),
        "alarms": ask.model.alarms.present()[-ALARMS:],
    }


def share(failed: int, finished: int) -> str:
    """Return which part failed, in words; nothing if nothing ended."""
    return f"{failed / (failed + finished):.0%}".replace("%", " %") if failed + finished else ""
