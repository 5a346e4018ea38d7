"""One site of a running grid: its queue, its links, the jobs that wait there, its counters."""

from __future__ import annotations

from collections import deque
from heapq import heappop
from heapq import heappush
from random import Random
from typing import Callable
from typing import Mapping

from fakesites.grid.agenda import Agenda
from fakesites.grid.batch import Batch
from fakesites.grid.batch import Start
from fakesites.grid.records import Counters
from fakesites.grid.records import Job
from fakesites.grid.spec import GridSite
from fakesites.sharing import SharedLink
from simkernel import Streams


class Place:
    """A *site* at work; *load* is how many cores its jobs take, those that wait and that run.

    Jobs wait by their number of cores, those of higher priority first.
    """

    def __init__(
        self, site: GridSite, *, agenda: Agenda, streams: Streams, start: Start, stop: Start
    ) -> None:
        self.site = site
        self.slots = site.slots
        self.count = Counters()
        self.batch = Batch(site, agenda=agenda, counters=self.count, start=start, stop=stop)
        self.storage = SharedLink(f"{site.name} storage", site.storage)
        self.uplink = SharedLink(f"{site.name} up", site.uplink)
        self.downlink = SharedLink(f"{site.name} down", site.downlink)
        self.waiting: dict[int, list[tuple[int, int, Job]]] = {}
        self.load = 0
        self.copies = 0
        self.turns: deque[Callable[[], bool]] = deque()
        self.chance: Random = streams[f"grid/{site.name}/chance"]
        self.pace: Random = streams[f"grid/{site.name}/pace"]
        self._given = 0

    def assign(self, job: Job) -> None:
        """Let *job* wait here, behind those of its priority."""
        job.at = self.site.name
        self.load += job.cores
        self.put_back(job)

    def put_back(self, job: Job) -> None:
        """Let *job*, which was assigned here, wait (again)."""
        self._given += 1
        heappush(self.waiting.setdefault(job.cores, []), (-job.priority, self._given, job))

    def next_job(self, cores: int) -> Job | None:
        """Return the first job that waits here for so many *cores*, if there is one."""
        waiting = self.waiting.get(cores)
        return heappop(waiting)[2] if waiting else None

    def takes(self, job: Job) -> bool:
        """Tell whether *job* could ever run here."""
        if self.site.factory == "cron":
            return job.cores == self.site.pilot_cores
        return job.cores <= self.site.cores

    def waits(self) -> int:
        """Return how many jobs wait here."""
        return sum(len(jobs) for jobs in self.waiting.values())


def route(
    source: Place, target: Place, links: Mapping[tuple[str, str], SharedLink]
) -> tuple[SharedLink, ...]:
    """Return what a copy from the storage of *source* to a node of *target* passes."""
    if source is target:
        return (source.storage,)
    own = links.get((source.site.name, target.site.name))
    if own is not None:
        return (source.storage, source.uplink, own, target.downlink)
    return (source.storage, source.uplink, target.downlink)
