"""The server's side of a grid: jobs arrive, are brokered, tried again, given up, and counted.

Models activation at a site, attempts up to a limit, and jobs of which nothing is heard any more
(PanDA's "lost heartbeat", jobDispatcherErrorCode 100). Each end of an attempt is a row.
"""

from __future__ import annotations

import hashlib
from typing import Callable
from typing import Iterator

from fakesites.grid.agenda import Agenda
from fakesites.grid.broker import POLICIES
from fakesites.grid.place import Place
from fakesites.grid.records import ACTIVATED
from fakesites.grid.records import FAILED
from fakesites.grid.records import FINISHED
from fakesites.grid.records import RUNNING
from fakesites.grid.records import Job
from fakesites.grid.spec import GridSpec
from fakesites.grid.traces import row_of

LOST_HEARTBEAT = 100
Row = tuple[str, ...]


class Jobs:
    """All the jobs of a grid; *write* is given each row."""

    def __init__(
        self,
        spec: GridSpec,
        *,
        agenda: Agenda,
        places: dict[str, Place],
        write: Callable[[Row], object] | None = None,
        epoch: float = 0.0,
    ) -> None:
        self.created = 0
        self.unplaced = 0
        self.finished = 0
        self.failed = 0
        self.running = 0
        self._spec = spec
        self._all_arrived = False
        self._agenda = agenda
        self._places = places
        self._order = list(places.values())
        self._policy = POLICIES[spec.policy]
        self._write = write
        self._epoch = epoch
        self._hash = hashlib.sha256()

    def arrive(self, jobs: Iterator[Job]) -> None:
        """Let *jobs* arrive, each at its time."""
        job = next(jobs, None)
        if job is None:
            self._all_arrived = True
            self._see_whether_done()
        else:
            self._agenda.at(job.created, lambda _item, _mark: self._arrived(job, jobs))

    def _arrived(self, job: Job, jobs: Iterator[Job]) -> None:
        self.created += 1
        self._broker(job)
        self.arrive(jobs)

    def _broker(self, job: Job) -> None:
        job.ready = self._agenda.now
        place = self._policy(job, self._order)
        if place is None:
            # No site has a host with so many cores: it would wait for ever.
            job.state = FAILED
            self.unplaced += 1
            self._see_whether_done()
            return
        job.state = ACTIVATED
        place.assign(job)

    def begin(self, job: Job) -> None:
        """Note that a pilot has *job*, perhaps again."""
        if job.state != RUNNING:
            self.running += 1
        job.state = RUNNING
        job.mark += 1
        job.begun = self._agenda.now
        self._places[job.at].count.job_waits.append(job.begun - job.ready)
        job.stage_in_s = job.stage_out_s = job.ran_s = 0.0

    def finish(self, job: Job) -> None:
        """Note that *job* has finished."""
        place = self._end(job, FINISHED, code=0, dispatcher=0)
        place.count.finished += 1
        place.count.registered += job.output_bytes
        self.finished += 1
        self._see_whether_done()

    def fail(self, job: Job, code: int) -> None:
        """Note that the pilot failed *job* with *code*; it is tried again if it may be."""
        place = self._end(job, FAILED, code=code, dispatcher=0)
        place.count.codes[code] = place.count.codes.get(code, 0) + 1
        # One that had failed in the trace fails for good.
        self._again(job, place, final=code == job.code)

    def fall_silent(self, job: Job) -> None:
        """Note that nothing will be heard of this run of *job*: it is given up after a while."""
        self._agenda.at(self._agenda.now + self._spec.lost_s, self._expire, job, job.mark)

    def _expire(self, job: Job, mark: int) -> None:
        if job.mark != mark or job.state != RUNNING:
            return
        place = self._end(job, FAILED, code=0, dispatcher=LOST_HEARTBEAT)
        place.count.lost += 1
        self._again(job, place, final=False)

    def _again(self, job: Job, place: Place, *, final: bool) -> None:
        if final or job.attempt >= self._spec.attempts:
            place.count.failed += 1
            self.failed += 1
            self._see_whether_done()
            return
        place.count.retried += 1
        job.attempt += 1
        self._broker(job)

    def _end(self, job: Job, state: str, *, code: int, dispatcher: int) -> Place:
        place = self._places[job.at]
        place.load -= job.cores
        job.state = state
        job.mark += 1
        self.running -= 1
        now = self._agenda.now
        codes = f"{code} {dispatcher}"
        line = f"{job.number} {job.attempt} {job.at} {job.begun:.3f} {now:.3f} {codes}\n"
        self._hash.update(line.encode())
        if self._write is not None:
            self._write(row_of(job, ended=now, code=code, dispatcher=dispatcher, epoch=self._epoch))
        return place

    def _see_whether_done(self) -> None:
        """Stop the run when all is done, if it has no end of its own."""
        done = self.finished + self.failed + self.unplaced
        if self._all_arrived and done == self.created and not self._spec.duration_s:
            self._agenda.stopped = True

    def digest(self, counted: str) -> str:
        """Return the SHA-256 of all rows and of what was *counted*."""
        whole = self._hash.copy()
        whole.update(counted.encode())
        return whole.hexdigest()
