"""Plots: how long jobs wait and run, how many at a time, and why they fail."""

from __future__ import annotations

from fakeserver.monitor import charts
from fakeserver.monitor.registry import Ask
from fakeserver.monitor.registry import Content
from fakeserver.monitor.registry import page
from fakeserver.monitor.tallies import ended_over_time
from fakeserver.monitor.tallies import errors
from fakeserver.monitor.tallies import lately
from fakeserver.monitor.tallies import over_time
from fakeserver.operation import durations
from fakeserver.operation.durations import length_of

SHOWN = (
    ("wait", "How long they wait for a pilot", "activated"),
    ("run", "How long they run", "running"),
    ("whole", "From definition to the end", "finished"),
)
TEXT_MAX = 60


@page("plots", title="Plots")
def plots(ask: Ask) -> Content:
    """Return jobs over time, durations of three kinds, errors, and a table of percentiles."""
    jobs = lately(ask.model)
    active = {
        state: points
        for state, points in over_time(jobs, now=ask.now).items()
        if state not in ("finished", "failed", "cancelled", "closed")
    }
    lengths = [
        {
            "title": title,
            "plot": charts.histogram(
                [length for job in jobs if (length := length_of(job, phase)) is not None],
                label=title,
                name=colour,
            ),
        }
        for phase, title, colour in SHOWN
    ]
    wrong = {
        f"{each['kind']} {each['code']} {each['text']}"[:TEXT_MAX]: float(each["count"])
        for each in errors(jobs)[:10]
    }
    every, ended = ended_over_time(jobs, now=ask.now)
    return {
        "every": every,
        "ended": charts.areas(ended, label="jobs that ended, over time"),
        "ways": list(ended),
        "active": charts.areas(active, label="jobs that are not over, by state"),
        "shown": list(active),
        "lengths": lengths,
        "wrong": charts.bars(wrong, label="errors", name="failed"),
        "table": durations(jobs),
    }
