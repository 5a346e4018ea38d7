"""A grid at work: sites, pilots as records, jobs, links, incidents; no pilot code runs.

Models what happens to thousands of slots in a day, in the terms of a PanDA operator: pilots sent,
held back, idle, empty, preempted; jobs waiting, finished, failed, tried again; bytes over shared
links. A run is a function of its spec: same spec, same digest.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from pathlib import Path
from typing import Callable
from typing import Iterator

from fakesites.grid.agenda import Agenda
from fakesites.grid.factory import wanted
from fakesites.grid.jobs import Jobs
from fakesites.grid.jobs import Row
from fakesites.grid.life import DAY_S
from fakesites.grid.life import Lives
from fakesites.grid.outcome import Outcome
from fakesites.grid.outcome import outcome_of
from fakesites.grid.place import Place
from fakesites.grid.records import GONE
from fakesites.grid.records import HELD
from fakesites.grid.records import Job
from fakesites.grid.records import Pilot
from fakesites.grid.spec import GridSpec
from fakesites.grid.spec import Incident
from fakesites.grid.traces import read_trace
from fakesites.grid.workload import drawn
from fakesites.sharing import SharedLink
from simkernel import Streams

EPOCH = 1_772_352_000.0  # 2026-03-01T08:00:00Z
# A run without an end of its own ends when all jobs are done, or here.
LIMIT_S = 100 * DAY_S
Progress = Callable[["Grid"], None]


@contextmanager
def uncollected() -> Iterator[None]:
    """Keep the garbage collector away from a run.

    It finds nothing, as records make no circles, and looks again and again at what only grows: a
    fifth of the time of a grid of 20,000 slots, and more of a larger one.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class Grid:
    """The grid of *spec*; *write* is given a row for each end of a job's attempt."""

    def __init__(
        self,
        spec: GridSpec,
        *,
        jobs: Iterator[Job] | None = None,
        write: Callable[[Row], object] | None = None,
        epoch: float = EPOCH,
    ) -> None:
        self.spec = spec
        self.agenda = Agenda()
        self.pilots = 0
        self.held = 0
        self._streams = Streams(spec.seed)
        self.places = {site.name: self._place(index) for index, site in enumerate(spec.sites)}
        self.jobs = Jobs(spec, agenda=self.agenda, places=self.places, write=write, epoch=epoch)
        self._lives = Lives(
            agenda=self.agenda, jobs=self.jobs, places=self.places, links=_links(spec)
        )
        self.jobs.arrive(jobs if jobs is not None else self._workload())
        for place in self.places.values():
            self._begin(place)
        for incident in spec.incidents:
            self._plan(incident)

    def run(self, *, progress: Progress | None = None, every_s: float = 3600.0) -> Outcome:
        """Run to the end of the spec's duration; *progress* is called every so often."""
        until, end = 0.0, self.spec.duration_s or LIMIT_S
        with uncollected():
            while until < end and not self.agenda.stopped:
                until = min(end, until + every_s)
                self.agenda.run(until)
                if progress is not None:
                    progress(self)
        return outcome_of(self)

    # -- building

    def _place(self, index: int) -> Place:
        return Place(
            self.spec.sites[index],
            agenda=self.agenda,
            streams=self._streams,
            start=lambda pilot: self._lives.start(pilot),
            stop=lambda pilot: self._lives.stop(pilot),
        )

    def _workload(self) -> Iterator[Job]:
        spec = self.spec.workload
        if spec.trace:
            known = {queue: site.name for site in self.spec.sites for queue in site.queues}
            known |= {site.name: site.name for site in self.spec.sites}
            jobs = read_trace(Path(spec.trace), sites=known)
            for job in jobs:
                if job.site:
                    # What the trace has was measured on the cores of that site.
                    job.payload_s *= self.places[job.site].site.power
            return iter(jobs)
        homes = [(site.name, site.storage) for site in self.spec.sites]
        return drawn(spec, self._streams, duration_s=self.spec.duration_s or DAY_S, homes=homes)

    def _begin(self, place: Place) -> None:
        # Not all at the same instant: crons and Harvesters do not know each other.
        offset = self._streams[f"grid/{place.site.name}/factory"].random() * place.site.interval_s
        self.agenda.at(offset, self._send, place)
        if place.site.rates.host_down:
            self._break_next(place)

    # -- pilots

    def _send(self, place: Place, _mark: int) -> None:
        site, now = place.site, self.agenda.now
        for tag, cores, job in wanted(place):
            self.pilots += 1
            place.count.pilots += 1
            pilot = Pilot(
                self.pilots,
                place,
                cores=cores,
                tag=tag.name,
                priority=tag.priority,
                submitted=now,
                eligible=now + site.start_delay_s,
                bound=job,
            )
            if site.rates.hold and place.chance.random() < site.rates.hold:
                self.held += 1
                place.batch.hold(pilot)
                self.agenda.at(now + site.hold_s, self._release, pilot, pilot.mark)
            else:
                place.batch.submit(pilot)
        self.agenda.at(now + site.interval_s, self._send, place)

    def _release(self, pilot: Pilot, _mark: int) -> None:
        """Release a held pilot, or remove it, as an operator would after a look at it."""
        assert pilot.phase == HELD
        place = pilot.place
        self.held -= 1
        if place.chance.random() < place.site.rates.removed:
            place.count.removed += 1
            pilot.phase = GONE
            if pilot.bound is not None:
                place.put_back(pilot.bound)
            return
        pilot.eligible = self.agenda.now + place.site.start_delay_s
        place.batch.submit(pilot)

    # -- hosts and incidents

    def _break_next(self, place: Place) -> None:
        rate = place.site.rates.host_down * place.site.hosts / DAY_S
        when = self.agenda.now + place.chance.expovariate(rate)
        self.agenda.at(when, self._break, place)

    def _break(self, place: Place, _mark: int) -> None:
        host = place.chance.randrange(place.site.hosts)
        place.batch.hosts.take_down(host)
        for pilot in [each for each in place.batch.running.values() if each.host == host]:
            place.count.node_down += 1
            self._lives.kill(pilot, "node_down")
        when = self.agenda.now + place.site.repair_s
        self.agenda.at(when, lambda _item, _mark: self._repair(place, host))
        self._break_next(place)

    def _repair(self, place: Place, host: int) -> None:
        place.batch.hosts.bring_back(host)
        place.batch.look()

    def _plan(self, incident: Incident) -> None:
        place = self.places[incident.site]
        end = incident.at_s + incident.lasting_s
        if incident.what == "slots":
            self.agenda.at(incident.at_s, lambda _item, _mark: place.batch.close())
            self.agenda.at(end, lambda _item, _mark: place.batch.open())
            return
        link: SharedLink = getattr(place, incident.what)
        whole = link.capacity
        for when, rate in ((incident.at_s, whole * incident.factor), (end, whole)):
            self.agenda.at(when, self._resizing(link, rate))

    def _resizing(self, link: SharedLink, rate: float) -> Callable[[object, int], None]:
        return lambda _item, _mark: self.agenda.sharing.resize(self.agenda.now, link, rate)


def _links(spec: GridSpec) -> dict[tuple[str, str], SharedLink]:
    """Return the paths of their own between sites, one for both ways."""
    links = {}
    for pair, rate in spec.links.items():
        source, target = pair.split(":")
        link = SharedLink(pair, rate)
        links[source, target] = links[target, source] = link
    return links
