"""The life of a pilot as a record: from its slot to its end.

Models start-up, asking for a job (a few times), stage-in, payload, stage-out, another job within
the time floor, and all the ways to go: by itself, at the wall time, preempted with or without
notice, suspended for a while, with its host, without a word, started again after its end.
Not modelled: heartbeats one by one, and several payloads in one pilot.
"""

from __future__ import annotations

from typing import Mapping

from fakesites.grid.agenda import Agenda
from fakesites.grid.agenda import Call
from fakesites.grid.jobs import Jobs
from fakesites.grid.place import Place
from fakesites.grid.place import route
from fakesites.grid.records import ASKING
from fakesites.grid.records import DYING
from fakesites.grid.records import PAYLOAD
from fakesites.grid.records import RUNNING
from fakesites.grid.records import STAGE_IN
from fakesites.grid.records import STAGE_OUT
from fakesites.grid.records import STARTING
from fakesites.grid.records import SUSPENDED
from fakesites.grid.records import Job
from fakesites.grid.records import Pilot
from fakesites.grid.systems import REQUEUE
from fakesites.grid.systems import SIGNAL_CODES
from fakesites.grid.systems import SUSPEND
from fakesites.grid.systems import Ending
from fakesites.sharing import SharedLink

DAY_S = 86400.0
# What a pilot needs to kill its payload and to tell the server, once it is told to go.
ABORT_S = 20.0
# Within this time of its start dies a pilot that dies without a word.
SILENT_S = 3600.0
# pilot3: pilot/common/errorcodes.py
STAGEIN_FAILED, STAGEOUT_FAILED, PAYLOAD_FAILED = 1099, 1137, 1305


def happens(place: Place, rate: float) -> bool:
    """Tell whether something of this *rate* happens now; a rate of 0 draws nothing."""
    return rate > 0 and place.chance.random() < rate


def present(pilot: Pilot, mark: int) -> Job | None:
    """Return the job that *pilot* has, None if what was marked so has been called off."""
    return pilot.job if pilot.mark == mark else None


class Lives:
    """What pilots do, over virtual time."""

    def __init__(
        self,
        *,
        agenda: Agenda,
        jobs: Jobs,
        places: Mapping[str, Place],
        links: Mapping[tuple[str, str], SharedLink],
    ) -> None:
        self._agenda = agenda
        self._jobs = jobs
        self._places = places
        self._links = links
        self._after: dict[str, Call] = {
            STARTING: self._ask,
            ASKING: self._ask,
            STAGE_IN: self._staged_in,
            PAYLOAD: self._ran,
            STAGE_OUT: self._staged_out,
        }

    # -- from slot to job

    def start(self, pilot: Pilot) -> None:
        """Begin the life of *pilot*, which has its slot."""
        place, rates, now = pilot.place, pilot.place.site.rates, self._agenda.now
        pilot.asked = 0
        if happens(place, rates.silent):
            when = now + place.chance.random() * SILENT_S
            self._agenda.at(when, self._die_silently, pilot, pilot.starts)
        if rates.preempt:
            when = place.chance.expovariate(rates.preempt / DAY_S)
            if when < place.site.walltime_s:
                self._agenda.at(now + when, self._preempt, pilot, pilot.starts)
        self._wait(pilot, STARTING, place.site.startup_s * (0.5 + place.pace.random()))

    def _wait(self, pilot: Pilot, phase: str, seconds: float) -> None:
        now = self._agenda.now
        pilot.phase, pilot.since, pilot.due = phase, now, now + seconds
        self._agenda.at(pilot.due, self._after[phase], pilot, pilot.mark)

    def _ask(self, pilot: Pilot, mark: int) -> None:
        if pilot.mark != mark:
            return
        job = self._bound(pilot) if pilot.bound else pilot.place.next_job(pilot.cores)
        if job is not None:
            self._got(pilot, job)
            return
        pilot.asked += 1
        if pilot.bound is None and pilot.asked < pilot.place.site.asks:
            self._wait(pilot, ASKING, pilot.place.site.ask_every_s)
            return
        pilot.place.count.empty += 1
        self._leave(pilot)

    def _bound(self, pilot: Pilot) -> Job | None:
        """Return the job that *pilot* brought, unless the server has gone on without it."""
        job = pilot.bound
        assert job is not None
        first = pilot.attempt == 0
        if first or (job.attempt == pilot.attempt and job.state == RUNNING):
            return job
        return None

    def _got(self, pilot: Pilot, job: Job) -> None:
        pilot.job, pilot.attempt, pilot.code = job, job.attempt, 0
        self._jobs.begin(job)
        if not job.input_bytes:
            self._run(pilot, job)
            return
        source = self._places.get(job.source, pilot.place)
        self._copy(pilot, STAGE_IN, source, job.input_bytes)

    # -- copies

    def _copy(self, pilot: Pilot, phase: str, store: Place, size: float) -> None:
        """Copy *size* bytes from or to *store*, when one of its movers is free."""
        pilot.phase, pilot.since = phase, self._agenda.now
        mark, limit = pilot.mark, store.site.movers
        if limit and store.copies >= limit:

            def turn() -> bool:
                if pilot.mark != mark:
                    return False
                self._begin_copy(pilot, store, size)
                return True

            pilot.left = size
            store.turns.append(turn)
            return
        self._begin_copy(pilot, store, size)

    def _begin_copy(self, pilot: Pilot, store: Place, size: float) -> None:
        store.copies += 1
        if store.copies > store.count.movers_most:
            store.count.movers_most = store.copies
        links = route(store, pilot.place, self._links)
        pilot.flow = self._agenda.sharing.start(
            self._agenda.now,
            links,
            size,
            limit=pilot.place.site.stream,
            tag=(self._copied, pilot, store),
        )

    def _copied(self, pilot: Pilot, _mark: int) -> None:
        self._end_copy(pilot)
        self._after[pilot.phase](pilot, pilot.mark)

    def _end_copy(self, pilot: Pilot) -> float:
        """End the copy of *pilot*, done or not; return how many bytes are left of it."""
        flow = pilot.flow
        if flow is None:
            return pilot.left
        pilot.flow = None
        store: Place = flow.tag[2]
        moved = int(self._agenda.sharing.stop(self._agenda.now, flow))
        if pilot.phase == STAGE_IN:
            store.count.read += moved
            if store is not pilot.place:
                pilot.place.count.wan += moved
        else:
            store.count.written += moved
        store.copies -= 1
        while store.turns and store.copies < store.site.movers:
            store.turns.popleft()()
        return flow.size - moved

    def _staged_in(self, pilot: Pilot, mark: int) -> None:
        job = present(pilot, mark)
        if job is None:
            return
        job.stage_in_s = self._agenda.now - pilot.since
        if happens(pilot.place, pilot.place.site.rates.stage_in):
            pilot.place.count.cut_in += job.input_bytes
            self._fail(pilot, STAGEIN_FAILED)
            return
        pilot.place.count.staged += job.input_bytes
        self._run(pilot, job)

    # -- payload and after

    def _run(self, pilot: Pilot, job: Job) -> None:
        place = pilot.place
        seconds, pilot.code = job.payload_s / place.site.power, job.code
        if happens(place, place.site.rates.payload):
            seconds *= place.chance.random()
            pilot.code = PAYLOAD_FAILED
        self._wait(pilot, PAYLOAD, seconds)

    def _ran(self, pilot: Pilot, mark: int) -> None:
        job = present(pilot, mark)
        if job is None:
            return
        self._note_run(pilot, job)
        if pilot.code:
            self._fail(pilot, pilot.code)
        elif job.output_bytes:
            self._copy(pilot, STAGE_OUT, pilot.place, job.output_bytes)
        else:
            self._finish(pilot, job)

    def _note_run(self, pilot: Pilot, job: Job) -> None:
        seconds = self._agenda.now - pilot.since
        job.ran_s += seconds
        pilot.place.count.busy_s += seconds * job.cores

    def _staged_out(self, pilot: Pilot, mark: int) -> None:
        job = present(pilot, mark)
        if job is None:
            return
        job.stage_out_s = self._agenda.now - pilot.since
        if happens(pilot.place, pilot.place.site.rates.stage_out):
            pilot.place.count.cut_out += job.output_bytes
            self._fail(pilot, STAGEOUT_FAILED)
            return
        self._finish(pilot, job)

    def _finish(self, pilot: Pilot, job: Job) -> None:
        self._jobs.finish(job)
        self._next(pilot)

    def _fail(self, pilot: Pilot, code: int) -> None:
        job = pilot.job
        assert job is not None
        self._jobs.fail(job, code)
        self._next(pilot)

    def _next(self, pilot: Pilot) -> None:
        pilot.job, pilot.asked = None, 0
        age_s = self._agenda.now - pilot.started
        if pilot.bound is None and age_s < pilot.place.site.timefloor_s:
            self._wait(pilot, ASKING, 0.0)
        else:
            self._leave(pilot)

    def _leave(self, pilot: Pilot) -> None:
        """End by itself; the batch system may lose its output, or start it again."""
        place, rates = pilot.place, pilot.place.site.rates
        if happens(place, rates.output_lost):
            place.count.output_lost += 1
        if happens(place, rates.twice):
            place.count.twice += 1
            place.batch.requeue(pilot, "done")
        else:
            place.batch.leave(pilot, "done")

    # -- other ends

    def stop(self, pilot: Pilot) -> None:
        """End *pilot* at its wall time."""
        self._tell(pilot, pilot.place.batch.system.walltime, "walltime")

    def kill(self, pilot: Pilot, word: str) -> None:
        """End *pilot* at once and without notice; *word* says why."""
        self._drop(pilot, code=0)
        self._gone(pilot, word)

    def _die_silently(self, pilot: Pilot, starts: int) -> None:
        if pilot.starts == starts and pilot.number in pilot.place.batch.running:
            pilot.place.count.silent += 1
            self.kill(pilot, "failed")

    def _preempt(self, pilot: Pilot, starts: int) -> None:
        place = pilot.place
        alive = pilot.starts == starts and pilot.number in place.batch.running
        if not alive or pilot.phase in (DYING, SUSPENDED):
            return
        place.count.preempted += 1
        if place.batch.system.preempt == SUSPEND:
            self._suspend(pilot)
        else:
            self._tell(pilot, place.batch.system.preempted, "preempted")

    def _tell(self, pilot: Pilot, ending: Ending, word: str) -> None:
        """Send the signal: with notice enough the pilot reports before it goes."""
        code = SIGNAL_CODES.get(ending.signal, 0)
        reports = ending.notice_s >= ABORT_S
        self._drop(pilot, code=code if reports else 0)
        pilot.phase, pilot.word = DYING, word
        wait_s = min(ending.notice_s, ABORT_S) if code else 0.0
        self._agenda.at(self._agenda.now + wait_s, self._told, pilot, pilot.mark)

    def _told(self, pilot: Pilot, mark: int) -> None:
        if pilot.mark == mark:
            self._gone(pilot, pilot.word)

    def _gone(self, pilot: Pilot, word: str) -> None:
        batch, again = pilot.place.batch, word in ("preempted", "node_down")
        if again and batch.system.preempt == REQUEUE:
            pilot.place.count.requeued += 1
            batch.requeue(pilot, word)
            return
        batch.leave(pilot, word)
        if pilot.bound is not None and pilot.attempt == 0:
            pilot.place.put_back(pilot.bound)

    def _drop(self, pilot: Pilot, *, code: int) -> None:
        """Let go of the job: it fails with *code*, or falls silent with 0."""
        job = pilot.job
        pilot.mark += 1
        if job is None:
            return
        if pilot.phase == PAYLOAD:
            self._note_run(pilot, job)
        self._cut(pilot, job)
        pilot.job = None
        if job.state != RUNNING or job.attempt != pilot.attempt:
            return
        if code:
            self._jobs.fail(job, code)
        else:
            self._jobs.fall_silent(job)

    def _cut(self, pilot: Pilot, job: Job) -> None:
        """Count what had passed of a copy that is broken off."""
        phase = pilot.paused if pilot.phase == SUSPENDED else pilot.phase
        if phase == STAGE_IN:
            pilot.place.count.cut_in += job.input_bytes - int(self._end_copy(pilot))
        elif phase == STAGE_OUT:
            pilot.place.count.cut_out += job.output_bytes - int(self._end_copy(pilot))

    # -- suspension

    def _suspend(self, pilot: Pilot) -> None:
        """Stop *pilot* where it is, for a while; the server hears nothing from it meanwhile."""
        pilot.mark += 1
        pilot.paused = pilot.phase
        if pilot.phase in (STAGE_IN, STAGE_OUT):
            pilot.left = self._end_copy(pilot)
        else:
            pilot.left = pilot.due - self._agenda.now
        if pilot.phase == PAYLOAD and pilot.job is not None:
            self._note_run(pilot, pilot.job)
        pilot.phase = SUSPENDED
        if pilot.job is not None:
            self._jobs.fall_silent(pilot.job)
        away_s = pilot.place.site.suspend_s * (0.5 + pilot.place.pace.random())
        self._agenda.at(self._agenda.now + away_s, self._resume, pilot, pilot.mark)

    def _resume(self, pilot: Pilot, mark: int) -> None:
        if pilot.mark != mark:
            return
        job = pilot.job
        if job is not None:
            if job.state != RUNNING or job.attempt != pilot.attempt:
                # The server has given it up: the answer to its first word is to stop.
                self._cut(pilot, job)
                pilot.job = None
                self._leave(pilot)
                return
            job.mark += 1
        if job is None or pilot.paused not in (STAGE_IN, STAGE_OUT):
            self._wait(pilot, pilot.paused, max(0.0, pilot.left))
        elif pilot.left > 0:
            source = self._places.get(job.source, pilot.place)
            store = source if pilot.paused == STAGE_IN else pilot.place
            self._copy(pilot, pilot.paused, store, pilot.left)
        else:
            pilot.phase = pilot.paused
            self._after[pilot.phase](pilot, pilot.mark)
