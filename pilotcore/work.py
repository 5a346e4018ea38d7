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
from pilotcore.containers import contained
from pilotcore.containers import image_of
from pilotcore.core_files import own_core
from pilotcore.data.copytools import COPYTOOLS
from pilotcore.data.stage_in import StageIn
from pilotcore.data.stage_in import check_sizes
from pilotcore.data.stage_out import StageOut
from pilotcore.data.stage_out import StoredFile
from pilotcore.data.stage_out import find_outputs
from pilotcore.data.transfer import Mover
from pilotcore.errors import PilotError
from pilotcore.job import Job
from pilotcore.job import OutputFile
from pilotcore.kit import Kit
from pilotcore.orders import Orders
from pilotcore.payload import Ended
from pilotcore.payload import Payload
from pilotcore.payload import download
from pilotcore.payload_errors import code_of_words
from pilotcore.payload_errors import said
from pilotcore.software import is_downloaded
from pilotcore.software import release_line
from pilotcore.usage import Meter
from pilotcore.watch import Watchdog
from pilotcore.watch.disk import Disk
from pilotcore.watch.disk import free_bytes
from pilotcore.watch.disk import workdir_limit
from pilotcore.watch.looping import Looping
from pilotcore.watch.memory import Memory
from pilotcore.watch.memory import memory_limit
from pilotcore.watch.monitor import Monitor
from pilotcore.watch.monitor import prmon_of
from pilotcore.watch.proxy import Proxy
from pilotcore.watch.stdout_size import StdoutSize


class Work:
    """Does the steps of one job in its *directory*."""

    def __init__(
        self, kit: Kit, job: Job, *, directory: Path, orders: Orders, meter: Meter
    ) -> None:
        self._kit = kit
        self._job = job
        self._directory = directory
        self._orders = orders
        self._meter = meter

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
        """Copy the inputs into the work directory."""
        kit = self._kit
        if self._job.inputs:
            free = free_bytes(kit.platform, self._directory)
            check_sizes(self._job, queue=kit.queue, free=free)
        StageIn(
            self._mover(),
            queue=kit.queue,
            storages=kit.storages,
            target=self._directory,
            attempts=kit.options.stagein_attempts,
            directory=kit.options.input_dir,
        ).run(self._job, orders=self._orders)

    def run_payload(self, *, started: Callable[[], None]) -> Ended:
        """Run the transform, downloaded or of a release; *started* is called once it runs."""
        kit = self._kit
        line = self._payload_line()
        monitor = self._monitor()
        own = kit.renewal.payload_env(
            self._job, queue_kind=kit.queue.kind, directory=self._directory
        )
        payload = Payload(
            kit.platform,
            kit.log,
            directory=self._directory,
            env={**kit.env, **own},
            watchdogs=(*self._watchdogs(), *([monitor] if monitor else [])),
        )
        try:
            ended = payload.run(line, orders=self._orders, started=started)
        finally:
            code = monitor.end() if monitor else 0
            if code:
                kit.log.warning(f"the memory monitor ended with exit code {code}")
        return self._looked_at(ended)

    def _monitor(self) -> Monitor | None:
        """Return what runs prmon beside a payload of a release, where the site has it."""
        program = prmon_of(self._kit.env)
        if is_downloaded(self._job.transformation) or not program.is_file():
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
        words = said(self._directory) if ended.code else ""
        return replace(ended, core=core, explained=code_of_words(ended.code, words))

    def _payload_line(self) -> str:
        kit, job = self._kit, self._job
        image = image_of(job, kit.queue.catchall, kit.env)
        return contained(self._bare_line(), image, directory=self._directory)

    def _bare_line(self) -> str:
        kit, job = self._kit, self._job
        if not is_downloaded(job.transformation):
            return release_line(job, kit.env)
        transform = download(
            kit.platform,
            kit.log,
            url=job.transformation,
            base_urls=kit.options.base_urls,
            target=self._directory,
            orders=self._orders,
        )
        return f"./{transform.name} {job.parameters}".rstrip()

    def stage_out(self, *, but: Collection[str], done: Callable[[StoredFile], None]) -> None:
        """Copy the outputs to their storages, *but* for some; *done* is told of each one."""
        # Attributes that ended while the payload ran are found here, not by a door's refusal.
        self._kit.credential.check(least_s=0.0, soon=1370, orders=self._orders)
        outputs = find_outputs(self._job, self._directory)
        self.claim("storeonce")
        stager = self._stager()
        for each in outputs:
            if each.lfn not in but:
                done(stager.run(each, orders=self._orders))

    def send_log(self, log: OutputFile, *, orders: Orders, within_s: float | None) -> StoredFile:
        """Copy the log tarball to its storage, in *within_s* seconds at most if given."""
        return self._stager().run(log, orders=orders, within_s=within_s)

    def _mover(self) -> Mover:
        kit = self._kit
        return Mover(
            kit.platform,
            kit.log,
            env=kit.env,
            cwd=self._directory,
            pause_s=kit.options.retry_pause_s,
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
