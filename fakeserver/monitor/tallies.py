"""Counting jobs for pages: by state, over time, by what went wrong."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING
from typing import Any
from typing import Iterable
from typing import Sequence

from fakeserver.jobs import Job
from fakeserver.monitor.scales import round_step
from fakeserver.states import State

if TYPE_CHECKING:
    from fakeserver.server import PandaServer

Stage = tuple[str, float, float]
# In the order of a job's life, which is the order in which they lie on each other.
ORDER = (
    "finished",
    "failed",
    "cancelled",
    "closed",
    "merging",
    "transferring",
    "holding",
    "running",
    "starting",
    "sent",
    "activated",
    "throttled",
    "assigned",
    "waiting",
    "defined",
)
assert set(ORDER) == {state.value for state in State}
INSTANTS = 180
JOBS_MAX = 5000
FINAL_ORDER = ORDER[:4]
ENDS = 48
ERRORS = ("pilot", "exe", "ddm", "taskBuffer", "jobDispatcher", "brokerage", "sup")


def stages(job: Job, *, now: float) -> list[Stage]:
    """Return the states that *job* went through, each with begin and end; the present ends now."""
    reached = sorted(job.times.items(), key=lambda each: each[1])
    if not reached:
        return []
    last = job.changed_at if job.final else now
    ends = [at for _, at in reached[1:]] + [max(last, reached[-1][1])]
    return [(name, at, end) for (name, at), end in zip(reached, ends, strict=True)]


def lately(server: PandaServer) -> list[Job]:
    """Return the jobs that plots are made of: all that live, and the latest that ended."""
    alive = list(server.table.alive())[:JOBS_MAX]
    ended = list(server.table.recent.values())[-JOBS_MAX:]
    return [*alive, *ended]


def over_time(
    jobs: Iterable[Job], *, now: float, begin: float | None = None
) -> dict[str, list[tuple[float, float]]]:
    """Return how many *jobs* were in which state, at instants from *begin* to *now*."""
    lives = [stages(job, now=now) for job in jobs]
    known = [life[0][1] for life in lives if life]
    if not known:
        return {}
    first = max(min(known), begin) if begin is not None else min(known)
    step = max((now - first) / INSTANTS, 1e-6)
    changes = {state: [0] * (INSTANTS + 2) for state in ORDER}
    for life in lives:
        for number, (state, since, until) in enumerate(life, start=1):
            changes[state][_index(since, first, step)] += 1
            # In its present state a job still is at the last instant.
            changes[state][INSTANTS + 1 if number == len(life) else _index(until, first, step)] -= 1
    summed = {state: _summed(change, first, step) for state, change in changes.items()}
    return {state: points for state, points in summed.items() if any(value for _, value in points)}


def _index(at: float, first: float, step: float) -> int:
    return min(INSTANTS, max(0, round((at - first) / step)))


def _summed(change: Sequence[int], first: float, step: float) -> list[tuple[float, float]]:
    total, points = 0, []
    for number in range(INSTANTS + 1):
        total += change[number]
        points.append((first + number * step, float(total)))
    return points


def ends_per(jobs: Iterable[Job], *, begin: float, end: float, count: int) -> list[float]:
    """Return how many jobs ended in each of *count* equal parts of a time."""
    parts = [0.0] * count
    step = (end - begin) / count or 1.0
    for job in jobs:
        if job.final and begin <= job.changed_at <= end:
            parts[min(count - 1, int((job.changed_at - begin) / step))] += 1
    return parts


def ended_over_time(
    jobs: Sequence[Job], *, now: float
) -> tuple[float, dict[str, list[tuple[float, float]]]]:
    """Return a round time, and how many *jobs* ended in each such until *now*, by state."""
    first = min((job.changed_at for job in jobs if job.final), default=now)
    step = float(round_step(now - first, count=ENDS))
    begin = math.floor(first / step) * step
    count = math.floor((now - begin) / step) + 1
    found = {}
    for state in FINAL_ORDER:
        own = [job for job in jobs if job.state.value == state]
        parts = ends_per(own, begin=begin, end=begin + count * step, count=count)
        if any(parts):
            # The last one stays until now.
            parts.append(parts[-1])
            found[state] = [(begin + number * step, part) for number, part in enumerate(parts)]
    return step, found


def errors(jobs: Iterable[Job]) -> list[dict[str, Any]]:
    """Return which errors ended how many *jobs*, the most frequent first."""
    found: Counter[tuple[str, str]] = Counter()
    texts: dict[tuple[str, str], str] = {}
    for job in jobs:
        for kind in ERRORS:
            code = str(job.fields.get(f"{kind}ErrorCode") or "0")
            if code not in ("0", "NULL", "None"):
                found[kind, code] += 1
                texts[kind, code] = str(job.fields.get(f"{kind}ErrorDiag") or "")
    return [
        {"kind": kind, "code": code, "count": count, "text": texts[kind, code]}
        for (kind, code), count in found.most_common(20)
    ]


def ordered(counts: dict[str, int]) -> dict[str, int]:
    """Return *counts* by state in the order of a job's life, from its beginning."""
    return {state: counts[state] for state in reversed(ORDER) if counts.get(state)}
