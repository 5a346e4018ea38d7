"""A batch queue: slots, start delay, wall time limit, preemption, signals.

Models pilots that wait for a slot, a start after a delay, held pilots, SIGTERM at the wall time
limit and SIGKILL after a grace period, preemption with and without notice, a limit of idle pilots
past which those who send them hold back, output that is not returned. Starts, the removal and the
return of the output go through the points ``batch.start``, ``batch.stop`` and ``batch.output``,
where a fault may keep a pilot from starting. Not modelled: fair shares, backfill, several nodes of
one pilot.
Who runs a pilot is not known here: the harness gives two callables and tells when it ended.
"""

from __future__ import annotations

import signal as signals
from dataclasses import dataclass
from typing import Any
from typing import Callable
from typing import Generator

import simpy

from fakesites.site_events import BATCH_END
from fakesites.site_events import BATCH_HELD_BACK
from fakesites.site_events import BATCH_OUTPUT_LOST
from fakesites.site_events import BATCH_SIGNAL
from fakesites.site_events import BATCH_START
from fakesites.site_events import BATCH_SUBMIT
from simkernel import Clock
from simkernel import HarnessError
from simkernel import Journal
from simkernel import Points
from simkernel import nearest

Work = Generator[simpy.Event, Any, Any]
Start = Callable[[str], object]
Signal = Callable[[str, int, str], object]

WAITING, HELD, RUNNING, ENDED = "waiting", "held", "running", "ended"
HELD_BACK = "held back"
Lose = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class BatchSpec:
    """How a batch system treats pilots; all times in seconds.

    No more than *idle_most* pilots wait in it (0: any number); the others are held back by their
    sender until there is room.
    """

    slots: int = 1
    idle_most: int = 0
    start_delay_s: float = 30.0
    walltime_s: float = 96 * 3600.0
    grace_s: float = 30.0


@dataclass(slots=True, eq=False)
class BatchJob:
    """One pilot in the queue; *over* is the event of its end, *reason* why it was told to end.

    *again*: it goes back into the queue at its end.
    """

    pilot: str
    node: str
    walltime_s: float
    over: simpy.Event
    state: str = WAITING
    ripe: bool = False
    starts: int = 0
    started_at: float = 0.0
    reason: str = ""
    again: bool = False


class BatchQueue:
    """One queue of a site.

    *start(pilot)* is called when a pilot gets its slot, *signal(pilot, number, reason)* to send
    it a signal; the harness calls ended() when it is gone. *lose(pilot)* is called if its output is
    not returned.
    """

    def __init__(
        self,
        name: str,
        *,
        clock: Clock,
        journal: Journal,
        points: Points,
        start: Start,
        signal: Signal,
        spec: BatchSpec | None = None,
        lose: Lose = lambda _pilot: None,
    ) -> None:
        self.name = name
        self.spec = spec or BatchSpec()
        self.closed = False
        self._clock = clock
        self._journal = journal
        self._points = points
        self._start = start
        self._signal = signal
        self._lose = lose
        self._jobs: dict[str, BatchJob] = {}
        self._taken = 0

    def submit(self, pilot: str, *, node: str, walltime_s: float | None = None) -> None:
        """Queue *pilot*; it starts on *node* after the delay, when a slot is free."""
        if pilot in self._jobs:
            raise HarnessError(f"{self.name} has a pilot {pilot!r} already")
        limit_s = self.spec.walltime_s if walltime_s is None else walltime_s
        job = BatchJob(pilot, node, limit_s, self._clock.event(), state=HELD_BACK)
        self._jobs[pilot] = job
        if not self.spec.idle_most or self.idle() < self.spec.idle_most:
            self._enter(job)
        else:
            self._emit(BATCH_HELD_BACK, pilot=pilot, idle=self.idle())

    def _enter(self, job: BatchJob) -> None:
        job.state = WAITING
        self._emit(
            BATCH_SUBMIT,
            pilot=job.pilot,
            queue=self.name,
            node=job.node,
            walltime_s=job.walltime_s,
        )
        self._clock.process(self._ripen(job))

    def idle(self) -> int:
        """Return how many pilots wait for a slot, held ones included."""
        return sum(job.state in (WAITING, HELD) for job in self._jobs.values())

    def _let_in(self) -> None:
        """Send on those who were held back, as far as there is room."""
        for job in list(self._jobs.values()):
            if job.state == HELD_BACK and self.idle() < self.spec.idle_most:
                self._enter(job)

    def hold(self, pilot: str = "") -> None:
        """Keep *pilot* from starting until it is released; "" means all that have not started.

        One that runs is not affected. With "", those submitted later are held as well.
        """
        if not pilot:
            self.closed = True
        for job in [self._job(pilot)] if pilot else list(self._jobs.values()):
            if job.state == WAITING:
                job.state = HELD

    def release(self, pilot: str) -> None:
        """Let a held *pilot* start, after the delay again."""
        self.closed = False
        job = self._job(pilot)
        if job.state == HELD:
            job.state, job.ripe = WAITING, False
            self._clock.process(self._ripen(job))

    def remove(self, pilot: str) -> None:
        """Take *pilot* out of the queue as condor_rm does: by signals, if it runs."""
        job = self._job(pilot)
        if job.state in (WAITING, HELD, HELD_BACK):
            job.reason = "removed"
            self._close(job, code=None)
        elif job.state == RUNNING:
            self._clock.process(self._stop(job, "removed", self.spec.grace_s))

    def preempt(self, pilot: str, *, notice_s: float = 0.0, signal: int = signals.SIGTERM) -> None:
        """Take the slot of *pilot* away: *signal*, then SIGKILL *notice_s* later.

        Without notice there is but the SIGKILL.
        """
        job = self._job(pilot)
        if job.state == RUNNING:
            self._clock.process(self._stop(job, "preempted", notice_s, signal))

    def rerun(self, pilot: str) -> None:
        """Kill *pilot* without notice and start it once more, as after the loss of its node."""
        job = self._job(pilot)
        if job.state == RUNNING:
            job.again = True
            self._clock.process(self._stop(job, "node lost", 0.0))

    def ended(self, pilot: str, code: int | None, signal: int = 0) -> None:
        """Note that *pilot* is gone, with its exit *code*, or by *signal*: its slot is free."""
        job = self._job(pilot)
        if job.state == ENDED:
            return
        if not job.reason:
            job.reason = "signalled" if signal else "exited"
        self._close(job, code=128 + signal if signal else code)

    def signal(self, pilot: str, sig: int, *, reason: str) -> None:
        """Send *sig* to *pilot* at once, for *reason*; nothing happens unless it runs."""
        job = self._job(pilot)
        if job.state == RUNNING:
            job.reason = job.reason or reason
            self._send(job, sig, reason)

    def suspend(self, pilot: str) -> None:
        """Stop *pilot* where it is (SIGSTOP), until it is resumed; nothing unless it runs."""
        job = self._job(pilot)
        if job.state == RUNNING:
            self._send(job, signals.SIGSTOP, "suspended")

    def resume(self, pilot: str) -> None:
        """Let a suspended *pilot* go on (SIGCONT)."""
        job = self._job(pilot)
        if job.state == RUNNING:
            self._send(job, signals.SIGCONT, "resumed")

    def running(self) -> list[str]:
        """Return the pilots that have started and not ended, in the order of their start."""
        begun = [job for job in self._jobs.values() if job.state == RUNNING and job.starts]
        return [job.pilot for job in sorted(begun, key=lambda job: job.started_at)]

    def state(self, pilot: str) -> str:
        """Return held back, waiting, held, running or ended."""
        return self._job(pilot).state

    def _job(self, pilot: str) -> BatchJob:
        job = self._jobs.get(pilot)
        if job is None:
            near = " or ".join(nearest(pilot, self._jobs, count=3))
            remedy = f"did you mean {near}?" if near else ""
            raise HarnessError(f"{self.name} has no pilot {pilot!r}", remedy=remedy)
        return job

    def _ripen(self, job: BatchJob) -> Work:
        yield self._clock.timeout(self.spec.start_delay_s)
        job.ripe = True
        self._fill()

    def _fill(self) -> None:
        """Start the pilots that may, in the order in which they were submitted."""
        for job in list(self._jobs.values()):
            if self._taken >= self.spec.slots or self.closed:
                return
            if job.state == WAITING and job.ripe:
                self._taken += 1
                job.state = RUNNING
                self._clock.process(self._run(job))
                self._let_in()

    def _run(self, job: BatchJob) -> Work:
        yield from self._points.around("batch.start", job, lambda: self._started(job))
        if job.starts:
            yield from self._watch(job)
        else:
            # A fault kept it from starting: it sits in the queue for good, as a held one does.
            job.state = HELD
            self._taken -= 1
            self._fill()

    def _started(self, job: BatchJob) -> Work:
        yield from ()
        job.starts += 1
        job.started_at = self._clock.now
        self._emit(BATCH_START, pilot=job.pilot)
        self._start(job.pilot)

    def _watch(self, job: BatchJob) -> Work:
        yield job.over | self._clock.timeout(job.walltime_s)
        if job.state == RUNNING:
            yield from self._stop(job, "walltime", self.spec.grace_s)

    def _stop(
        self, job: BatchJob, reason: str, grace_s: float, signal: int = signals.SIGTERM
    ) -> Work:
        job.reason = job.reason or reason
        yield from self._points.around(
            "batch.stop", job, lambda: self._stopped(job, reason, grace_s, signal)
        )

    def _stopped(self, job: BatchJob, reason: str, grace_s: float, signal: int) -> Work:
        if grace_s > 0:
            self._send(job, signal, reason)
            yield job.over | self._clock.timeout(grace_s)
        self._send(job, signals.SIGKILL, reason)

    def _send(self, job: BatchJob, number: int, reason: str) -> None:
        if job.state != RUNNING:
            return
        self._emit(BATCH_SIGNAL, pilot=job.pilot, signal=int(number), reason=reason)
        self._signal(job.pilot, int(number), reason)

    def _close(self, job: BatchJob, *, code: int | None) -> None:
        if job.state == RUNNING:
            self._taken -= 1
        job.state = ENDED
        self._emit(BATCH_END, pilot=job.pilot, code=code, reason=job.reason)
        job.over.succeed()
        if job.again:
            job.again, job.ripe, job.reason = False, False, ""
            job.over = self._clock.event()
            self._enter(job)
        if job.starts and not self._points.is_bare("batch.output"):
            self._clock.process(self._return_output(job))
        self._fill()
        self._let_in()

    def _return_output(self, job: BatchJob) -> Work:
        returned: list[str] = []

        def bring() -> Work:
            yield from ()
            returned.append(job.pilot)

        yield from self._points.around("batch.output", job, bring)
        if not returned:
            self._lose(job.pilot)
            self._emit(BATCH_OUTPUT_LOST, pilot=job.pilot)

    def _emit(self, what: str, **fields: Any) -> None:
        self._journal.emit(what, who=self.name, **fields)
