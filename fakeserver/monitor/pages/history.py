"""The history of operations: snapshots that were kept, and a plot from any span of them."""

from __future__ import annotations

from typing import Any

from fakeserver.monitor import charts
from fakeserver.monitor.registry import Ask
from fakeserver.monitor.registry import Content
from fakeserver.monitor.registry import page
from fakeserver.monitor.tallies import ORDER
from fakeserver.monitor.tallies import ordered

SPANS = {"hour": 3600.0, "day": 86400.0, "week": 604800.0, "all": float("inf")}
ROWS = 60


@page("history", title="History")
def history(ask: Ask) -> Content:
    """Return the snapshots of a span at one queue or all, as plot and table."""
    span = ask.text("span") if ask.text("span") in SPANS else "day"
    queue = ask.text("queue")
    found = ask.model.history.between(ask.now - SPANS[span], ask.now)
    queues = sorted({name for each in found for name in each["queues"]})
    rows = [
        {
            "at": each["at"],
            "states": {
                state: sum(
                    states.get(state, 0)
                    for name, states in each["queues"].items()
                    if queue in ("", name)
                )
                for state in ORDER
            },
        }
        for each in found
    ]
    series = {
        state: [(float(row["at"]), float(row["states"][state])) for row in rows]
        for state in ORDER
        if any(row["states"][state] for row in rows)
    }
    return {
        "plot": charts.areas(series, label="jobs by state, as it was"),
        "shown": list(series),
        "rows": rows[::-1][:ROWS],
        "span": span,
        "spans": list(SPANS),
        "queue": queue,
        "queues": queues,
        "then": as_it_was(ask.model.history.snapshots.get(ask.text("at")), queue),
    }


def as_it_was(snapshot: dict[str, Any] | None, queue: str) -> dict[str, Any] | None:
    """Return one snapshot, of *queue* or all, as rows with a strip each; None if there is none."""
    if snapshot is None:
        return None
    rows = [
        {
            "name": name,
            "states": ordered(states),
            "strip": charts.strip(ordered(states), label=f"jobs at {name} by state"),
        }
        for name, states in sorted(snapshot["queues"].items())
        if queue in ("", name)
    ]
    return {"at": snapshot["at"], "queues": rows}
