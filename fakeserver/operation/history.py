"""The history of operations: how many jobs in which state, at which queue, from time to time.

Snapshots are kept, the oldest thinned out: of those older than a day one an hour remains.
"""

from __future__ import annotations

from typing import Any

from fakeserver.jobtable import JobTable
from fakeserver.keeping import Room
from fakeserver.keeping import Rooms
from fakeserver.states import FINAL
from fakeserver.states import State

EVERY_S = 300.0
DAY_S = 86400.0
HOUR_S = 3600.0
KEPT_MAX = 2000


def counts(table: JobTable) -> dict[str, dict[str, int]]:
    """Return how many jobs are in which state at each queue; archived ones are left out."""
    found: dict[str, dict[str, int]] = {}
    for queue in table.queues():
        for state in State:
            number = len(table.at(queue, state))
            if number and state not in FINAL:
                found.setdefault(queue, {})[state.value] = number
    for job in table.recent.values():
        states = found.setdefault(job.spec.queue, {})
        states[job.state.value] = states.get(job.state.value, 0) + 1
    return found


class History:
    """The snapshots of one server, by whole POSIX second."""

    def __init__(self, rooms: Rooms) -> None:
        self.snapshots: Room[dict[str, Any]] = rooms.room("history")

    def due(self, now: float) -> bool:
        """Tell whether it is time for another snapshot."""
        last = next(reversed(list(self.snapshots)), None)
        return last is None or now >= float(last) + EVERY_S

    def take(self, table: JobTable, *, now: float) -> dict[str, Any]:
        """Take a snapshot and return it."""
        snapshot = {"at": now, "queues": counts(table)}
        self.snapshots[str(int(now))] = snapshot
        self._thin(now)
        return snapshot

    def between(self, begin: float, end: float) -> list[dict[str, Any]]:
        """Return the snapshots of a span of time, the oldest first."""
        ordered = sorted(self.snapshots.values(), key=lambda each: each["at"])
        return [each for each in ordered if begin <= each["at"] <= end]

    def series(self, state: str, *, queue: str = "") -> list[tuple[float, int]]:
        """Return when how many jobs were in *state*, at one queue or all, for a plot."""
        return [
            (
                each["at"],
                sum(
                    states.get(state, 0)
                    for name, states in each["queues"].items()
                    if queue in ("", name)
                ),
            )
            for each in self.between(0.0, float("inf"))
        ]

    def _thin(self, now: float) -> None:
        if len(self.snapshots) <= KEPT_MAX:
            return
        last_hour = -1
        for key in sorted(self.snapshots, key=int):
            if int(key) > now - DAY_S:
                break
            hour = int(int(key) // HOUR_S)
            if hour == last_hour:
                del self.snapshots[key]
            last_hour = hour
