"""The three steps of a job that can fail: stage-in, payload, stage-out.

Each raises what goes wrong (PilotError, Cancelled); flight.py says in which order they are
taken and what a failure means for the job.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Callable
from typing import Collection

from pilotcore import clones
from pilotcore.core_files import own_core
from pilotcore.data import special_log
from pilotcore.data.alternative import is_allowed
from pilotcore.data.alternative import store_all
from pilotcore.data.copytools import COPYTOOLS
from pilotcore.data.stage_in import StageIn
from pilotcore.data.stage_in import check_sizes
from pilotcore.data.stage_out import StageOut
from pilotcore.data.stage_out import StoredFile
from pilotcore.data.stage_out import find_outputs
from pilotcore.data.traces import VARIABLE
from pilotcore.data.traces import Traces
from pilotcore.data.transfer import Mover
from pilotcore.errors import PilotError
from pilotcore.experiments import End
from pilotcore.guise import Guise
from pilotcore.guise import failure_of_switch
from pilotcore.job import Job
from pilotcore.job import OutputFile
from pilotcore.kit import Kit
from pilotcore.orders import Cancelled
from pilotcore.orders import Orders
from pilotcore.payload import Ended
from pilotcore.payload import Payload
from pilotcore.payload import download
from pilotcore.payload_errors import said
from pilotcore.run.events import EventService
from pilotcore.run.supply import EventRange
from pilotcore.software import is_downloaded
from pilotcore.updates import Notes
from pilotcore.usage import Meter
from pilotcore.watch import Watchdog
from pilotcore.watch.disk import Disk
from pilotcore.watch.disk import free_bytes
from pilotcore.watch.disk import workdir_limit
from pilotcore.watch.looping import Looping
from pilotcore.watch.memory import Memory
from pilotcore.watch.memory import memory_limit
from pilotcore.watch.monitor import Monitor
from pilotcore.watch.proxy import Proxy
from pilotcore.watch.stdout_size import StdoutSize


def traces_of(kit: Kit, job: Job) -> Traces:
    """Return what tells the trace server of the copies of *job*, if the pilot is to tell it."""
    url = kit.options.traces_url or kit.env.get(VARIABLE, "")
    url = url if kit.options.traces else ""
    return Traces(kit.platform, kit.log, job, url=url, env=kit.env)


class Work:
    """Does the steps of one job in its *directory*; *notes* are what the server shall know."""

    def __init__(
        self,
        kit: Kit,
        job: Job,
        *,
        directory: Path,
        orders: Orders,
        meter: Meter,
        notes: Notes,
    ) -> None:
        self._kit = kit
        self._job = job
        self._directory = directory
        self._orders = orders
        self._meter = meter
        self._notes = notes
        self._traces = traces_of(kit, job)
        self._events: EventService | None = None

    def claim(self, kind: str) -> None:
        """Ask for the event ranges if the job is a clone of *kind*. Raises PilotError (1234)."""
        kit = self._kit
        if self._job.clone == kind:
            clones.claim(kit.platform, kit.server, kit.log, job=self._job, orders=self._orders)

    def make_directory(self) -> None:
        """Make the work directory. Raises PilotError (1199)."""
        try:
            self._directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise PilotError(1199, f"{self._directory.name}: {error.strerror}") from error

    def stage_in(self) -> None:
        """Copy the inputs into the work directory, but for those that ranges will need."""
        kit = self._kit
        kit.experiment.check_job(self._job, kit.site)
        if self._job.inputs:
            free = free_bytes(kit.platform, self._directory)
            check_sizes(self._job, queue=kit.queue, free=free)
        if not (self._job.events and self._job.prefetch):
            self._fetch(self._job)

    def _fetch(self, job: Job) -> None:
        kit = self._kit
        StageIn(
            self._mover(),
            queue=kit.queue,
            storages=kit.storages,
            target=self._directory,
            attempts=kit.options.stagein_attempts,
            directory=kit.options.input_dir,
        ).run(job, orders=self._orders)

    def _fetch_for(self, each: EventRange) -> None:
        """Copy the input that a range is of, unless it is there."""
        if self._job.prefetch and not (self._directory / each.lfn).exists():
            inputs = tuple(one for one in self._job.inputs if one.lfn == each.lfn)
            self._fetch(replace(self._job, inputs=inputs))

    def _event_service(self) -> EventService | None:
        if not self._job.events:
            return None
        return EventService(
            self._kit,
            self._job,
            directory=self._directory,
            store=self._store_events,
            fetch=self._fetch_for,
            orders=self._orders,
        )

    def _store_events(self, path: Path, orders: Orders, within_s: float | None) -> StoredFile:
        bundle = OutputFile(path.name, "transient", is_events=True)
        return self._stager().run(bundle, orders=orders, within_s=within_s)

    def run_payload(self, *, started: Callable[[], None]) -> Ended:
        """Run the transform, downloaded or of a release; *started* is called once it runs."""
        kit = self._kit
        line = self._payload_line()
        monitor = self._monitor()
        own = {
            **kit.experiment.environment(self._job, kit.site),
            **kit.renewal.payload_env(
                self._job, queue_kind=kit.queue.kind, directory=self._directory
            ),
        }
        self._events = events = self._event_service()
        if events is not None:
            events.begin()
        env = {**kit.env, **own, **(events.env if events else {})}
        guise = Guise(kit, self._job, directory=self._directory, orders=self._orders)
        line, env = self._dressed(line, env, guise=guise, events=events)
        payload = Payload(
            kit.platform,
            kit.log,
            directory=self._directory,
            env=env,
            watchdogs=(
                *self._watchdogs(),
                *([monitor] if monitor else []),
                *([events] if events else []),
                *guise.watchdogs,
            ),
        )
        try:
            ended = payload.run(line, orders=self._orders, started=started)
        finally:
            guise.undress()
            code = monitor.end() if monitor else 0
            if code:
                kit.log.warning(f"the memory monitor ended with exit code {code}")
            if events is not None:
                events.finish()
        return self._looked_at(ended)

    def _dressed(
        self, line: str, env: dict[str, str], *, guise: Guise, events: EventService | None
    ) -> tuple[str, dict[str, str]]:
        """Return line and environment in the guise; if it fails, what was begun ends."""
        try:
            return guise.dress(line, env)
        except (Cancelled, PilotError):
            guise.undress()
            if events is not None:
                events.finish()
            raise

    def _monitor(self) -> Monitor | None:
        """Return what runs the experiment's memory monitor beside the payload, if it has one."""
        program = self._kit.experiment.monitor(self._job, self._kit.site)
        if program is None:
            return None
        return Monitor(
            self._kit.platform,
            self._kit.log,
            program=program,
            target=self._directory,
            folder=self._directory.with_name(f"{self._directory.name}.monitor"),
        )

    def _looked_at(self, ended: Ended) -> Ended:
        """Return *ended* with what the payload left to explain itself."""
        core = own_core(self._directory, {*self._meter.pids, ended.pid})
        end = End(ended.code, said(self._directory), self._directory)
        failure = failure_of_switch(end) if self._kit.queue.glexec else None
        failure = failure or self._kit.experiment.explain(end, self._kit.site)
        return replace(ended, core=core, explained=failure)

    def _payload_line(self) -> str:
        kit, job = self._kit, self._job
        line = kit.experiment.payload(job, self._script(), kit.site)
        return kit.experiment.contained(line, job, kit.site, directory=self._directory)

    def _script(self) -> str:
        """Return how a shell calls the transform, once it is downloaded; "" if it is a program."""
        kit, job = self._kit, self._job
        if not is_downloaded(job.transformation):
            return ""
        transform = download(
            kit.platform,
            kit.log,
            url=job.transformation,
            base_urls=kit.options.base_urls,
            target=self._directory,
            orders=self._orders,
        )
        return f"./{transform.name}"

    def stage_out(self, *, but: Collection[str], done: Callable[[StoredFile], None]) -> None:
        """Copy the outputs to their storages, *but* for some; *done* is told of each one."""
        # Attributes that ended while the payload ran are found here, not by a door's refusal.
        self._kit.credential.check(least_s=0.0, soon=1370, orders=self._orders)
        if self._job.events:
            # What was made of ranges is stored already.
            if self._events is not None:
                self._events.check()
            return
        outputs = find_outputs(self._job, self._directory)
        self.claim("storeonce")
        left = [each for each in outputs if each.lfn not in but]
        self._store(left, orders=self._orders, done=done)

    def _store(
        self, files: list[OutputFile], *, orders: Orders, done: Callable[[StoredFile], None]
    ) -> None:
        kit = self._kit
        allowed = is_allowed(queue=kit.queue.alternative, job=self._job.alternative)
        store_all(self._stager(), files, allowed=allowed, log=kit.log, orders=orders, done=done)

    def send_log(self, log: OutputFile, *, orders: Orders, within_s: float | None) -> StoredFile:
        """Copy the log tarball to its storage, in *within_s* seconds at most if given."""
        if within_s is not None:
            return self._stager().run(log, orders=orders, within_s=within_s)
        stored: list[StoredFile] = []
        try:
            self._store([log], orders=orders, done=stored.append)
        finally:
            self._send_special_log(log, orders=orders)
        return stored[0]

    def _send_special_log(self, log: OutputFile, *, orders: Orders) -> None:
        """Copy the log to a place of its own as well, if that is wanted; a failure is none."""
        kit = self._kit
        if orders.pending is not None or not special_log.is_wanted(self._job, kit.queue):
            return
        try:
            where = special_log.send(
                self._mover(),
                self._job,
                log,
                directory=self._directory,
                queue=kit.queue,
                storages=kit.storages,
                orders=orders,
            )
        except PilotError as error:
            kit.log.warning(f"no special log: {error}")
        else:
            self._notes[special_log.METRIC] = where

    def _mover(self) -> Mover:
        kit = self._kit
        return Mover(
            kit.platform,
            kit.log,
            env=kit.env,
            cwd=self._directory,
            pause_s=kit.options.retry_pause_s,
            traces=self._traces,
            pcache=kit.queue.pcache,
            setups={
                COPYTOOLS[name].name: setup
                for name, setup in kit.queue.copytools.items()
                if name in COPYTOOLS
            },
        )

    def _stager(self) -> StageOut:
        kit = self._kit
        return StageOut(
            kit.platform,
            self._mover(),
            queue=kit.queue,
            storages=kit.storages,
            source=self._directory,
            attempts=kit.options.stageout_attempts,
            directory=kit.options.output_dir,
            nucleus=self._job.nucleus,
        )

    def _watchdogs(self) -> tuple[Watchdog, ...]:
        kit, job = self._kit, self._job
        every_s = kit.options.watch_s
        limit = workdir_limit(kit.queue, cores=job.cores)
        dogs: list[Watchdog] = [
            StdoutSize(every_s=every_s),
            Disk(kit.platform, every_s=every_s, limit=limit),
            Memory(self._meter, every_s=every_s, limit=memory_limit(kit.queue, cores=job.cores)),
            Proxy(kit.credential, least_s=kit.options.proxy_min_s, renew=kit.renewal.renew),
        ]
        if job.looping_check:
            dogs.append(Looping(kit.platform, limit_s=job.looping_limit_s))
        return tuple(dogs)
