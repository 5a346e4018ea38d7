"""Operation: what people who run a server want to know, asked of the model.

Why a job waits, how long things take, what is out of the ordinary, who schedules, how all of it
was an hour ago. Everything here answers with plain data; alarms and the history are kept.
"""

from __future__ import annotations

from fakeserver.operation.alarms import Alarms
from fakeserver.operation.datasets import datasets
from fakeserver.operation.datasets import processed
from fakeserver.operation.durations import anomalies
from fakeserver.operation.durations import durations
from fakeserver.operation.health import health
from fakeserver.operation.history import History
from fakeserver.operation.history import counts
from fakeserver.operation.schedulers import schedulers
from fakeserver.operation.waiting import why_waiting

__all__ = [
    "Alarms",
    "History",
    "anomalies",
    "counts",
    "datasets",
    "durations",
    "health",
    "processed",
    "schedulers",
    "why_waiting",
]
