"""Many jobs in one allocation, without a network: job files in, result files out.

Harvester, on a front-end, has laid down for each job a folder with its record, its inputs and
its transform. As many jobs as the allocation has cores for run at a time, each from its own start
to its own end, which are not those of the allocation (the worker's profile becomes a job's).
What a job has made is declared for Harvester to store; what it says goes into files.
Read from pilot3@a090538b:pilot/workflow/generic_hpc.py, pilot/resource/titan.py, which run the
first job of the list and no other.
"""

from __future__ import annotations

import traceback
from collections import deque
from pathlib import Path
from pathlib import PurePosixPath
from typing import Callable
from typing import Mapping
from urllib.parse import urlsplit

from pilotcore.data import checksum
from pilotcore.data.plan import Transfer
from pilotcore.data.stage_out import find_outputs
from pilotcore.data.transfer import verify
from pilotcore.errors import Diagnosis
from pilotcore.errors import Failure
from pilotcore.errors import PilotError
from pilotcore.job import Job
from pilotcore.job import OutputFile
from pilotcore.job import broken_job
from pilotcore.job import parse_job
from pilotcore.logbook import Logbook
from pilotcore.logs import create_log
from pilotcore.orders import Cancelled
from pilotcore.orders import Orders
from pilotcore.payload import Ended
from pilotcore.payload import Payload
from pilotcore.payload import failure_of
from pilotcore.platform import Platform
from pilotcore.records import Record
from pilotcore.run import access_point as files
from pilotcore.run.file_events import FileEvents
from pilotcore.run.launcher import VARIABLE
from pilotcore.run.launcher import LauncherPlatform
from pilotcore.server import Server
from pilotcore.updates import Identity
from pilotcore.updates import Progress
from pilotcore.updates import final_fields
from pilotcore.updates import job_report
from pilotcore.updates import update_fields
from pilotcore.watch import View
from pilotcore.watch.looping import Looping
from pilotcore.watch.stdout_size import StdoutSize

NO_JOBS = 1385


class Allocation:
    """All jobs of one worker, in *folder*. *server* is told of them."""

    def __init__(
        self,
        platform: Platform,
        log: Logbook,
        server: Server,
        *,
        folder: Path,
        who: Identity,
        env: Mapping[str, str],
        orders: Orders,
        heartbeat_s: float,
    ) -> None:
        launcher = env.get(VARIABLE, "")
        if launcher:
            platform = LauncherPlatform(platform, platform.path(launcher))
        self.platform: Platform = platform
        self.log = log
        self.server = server
        self.folder = folder
        self.who = who
        self.env = env
        self.orders = orders
        self.heartbeat_s = heartbeat_s

    def run(self) -> None:
        """Fly every job. Raises PilotError (1385) if there is none."""
        waiting = deque(self._jobs())
        if not waiting:
            raise PilotError(NO_JOBS, f"no jobs in {self.folder.name}")
        width = max(1, self.platform.cores() // max(each.job.cores for each in waiting))
        self.log.info(f"{len(waiting)} jobs, {width} at a time")

        def work() -> None:
            while waiting:
                waiting.popleft().fly()

        tasks = [self.platform.spawn(work, name=f"slot {n}") for n in range(width)]
        for task in tasks:
            task.join()

    def _jobs(self) -> list[HpcFlight]:
        listed = files.read_json(self.folder / files.JOB_IDS)
        ids = listed if isinstance(listed, list) else []
        records = [(each, files.records_in(self.folder / str(each) / files.JOBS)) for each in ids]
        for each, found in records:
            if not found:
                self.log.error(f"job {each} is on the list and has no record")
        return [HpcFlight(self, found[0]) for _, found in records if found]


class HpcFlight:
    """One job of an *allocation*, from its record to its result files."""

    def __init__(self, allocation: Allocation, record: Record) -> None:
        self.diagnosis = Diagnosis()
        self.job: Job = broken_job(record)
        try:
            self.job = parse_job(record)
        except PilotError as error:
            self.diagnosis.add(error.failure)
        self._all = allocation
        self._directory = allocation.folder / str(self.job.panda_id)
        self._progress: Progress | None = None
        self._payload_code: int | None = None
        self._made: list[Record] = []

    def fly(self) -> None:
        """Do the job and leave its results; raises nothing that concerns this job only."""
        mark = self._all.log.mark()
        self._progress = Progress(self._all.platform, before={})
        if self.diagnosis.cause is None:
            self._guard(self._do)
        self._progress.enter("log")
        self._guard(self._leave_log)
        self._guard(self._declare)
        self._conclude(self._all.log.since(mark))

    def _do(self) -> None:
        self._all.orders.check()
        self._tell("starting")
        self._enter("stage-in")
        for each in self.job.inputs:
            path = self._directory / each.lfn
            # The transform of another site has brought it: it is looked at as if it had been ours.
            verify(Transfer(each.lfn, "", path, False, each.size, each.checksum, each.guid))
        ended = self._run()
        self._payload_code = ended.code
        failure = failure_of(ended)
        if failure is not None:
            raise PilotError(failure.code, failure.detail, consequence=failure.consequence)
        self._all.orders.check()
        self._enter("stage-out")
        if not self.job.events:
            for output in find_outputs(self.job, self._directory):
                self._declare_file(output, "output")

    def _run(self) -> Ended:
        events = FileEvents(self._all.log, self.job, directory=self._directory)
        env = dict(self._all.env)
        if self.job.events:
            events.begin()
            env |= events.env
        payload = Payload(
            self._all.platform,
            self._all.log,
            directory=self._directory,
            env=env,
            watchdogs=(
                StdoutSize(every_s=60.0),
                Looping(self._all.platform, limit_s=self.job.looping_limit_s),
                Beat(lambda: self._tell("running"), every_s=self._all.heartbeat_s),
                *([events] if self.job.events else []),
            ),
        )
        try:
            return payload.run(self._line(), orders=self._all.orders, started=self._started)
        finally:
            if self.job.events:
                self._made += events.finish(guid=self._all.platform.new_guid)

    def _line(self) -> str:
        """Return how a shell calls the transform: Harvester has left it in the job's folder."""
        url = self.job.transformation
        name = PurePosixPath(urlsplit(url).path).name
        program = f"./{name}" if "://" in url else url
        if "://" in url and not (self._directory / name).is_file():
            raise PilotError(1149, f"{name} is not in the folder of the job")
        return f"{program} {self.job.parameters}".rstrip()

    def _started(self) -> None:
        self._enter("payload")
        self._tell("running")

    def _leave_log(self) -> None:
        log = self.job.log
        if log is None:
            return
        moved = {each.lfn for each in self.job.inputs} | {each.lfn for each in self.job.outputs}
        made = {PurePosixPath(str(each["path"])).name for each in self._made}
        names = {files.JOBS, files.ATTRIBUTES, files.RANGES}
        create_log(
            self._directory,
            target=self._directory / log.lfn,
            prefix=f"tarball_PandaJob_{self.job.panda_id}",
            but=moved | made | names,
            pilot_log="\n".join(map(str, self.diagnosis.failures)),
            now=self._all.platform.now(),
        )
        self._declare_file(log, "log")

    def _declare_file(self, each: OutputFile, kind: str) -> None:
        path = self._directory / each.lfn
        self._made.append(
            files.to_store(
                each.lfn,
                kind=kind,
                path=path,
                size=path.stat().st_size,
                adler32=checksum.adler32_of(path),
                guid=each.guid or self._all.platform.new_guid(),
            )
        )

    def _declare(self) -> None:
        """Leave the list of what Harvester is to store, the outputs of a failed job excepted."""
        failed = self.diagnosis.cause is not None
        made = [each for each in self._made if not failed or each["type"] != "output"]
        files.write_json(self._directory / files.TO_STORE, {str(self.job.panda_id): made})

    # -- telling

    def _enter(self, phase: str) -> None:
        assert self._progress is not None
        self._progress.enter(phase)

    def _fields(self, state: str) -> dict[str, object]:
        assert self._progress is not None
        now = self._all.platform.now()
        return update_fields(self.job, self._all.who, self._progress, now=now, state=state)

    def _tell(self, state: str) -> None:
        reply = self._all.server.update(self._fields(state))
        self._all.log.info(f"job {self.job.panda_id} {state}: {reply.why}")

    def _conclude(self, pilot_log: str) -> None:
        assert self._progress is not None
        cause = self.diagnosis.cause
        self._enter("final")
        fields = self._fields("failed" if cause else "finished")
        fields.update(job_report(self._directory))
        fields.update(
            final_fields(
                cause,
                self._progress,
                files=(),
                payload_code=self._payload_code,
                pilot_log=pilot_log,
            )
        )
        reply = self._all.server.update(fields)
        self._all.log.info(f"job {self.job.panda_id} {fields['state']}: {reply.why}")

    def _guard(self, step: Callable[[], None]) -> None:
        """Take *step*; every way in which it can fail becomes a failure of the diagnosis."""
        log = self._all.log
        try:
            step()
        except Cancelled as cancelled:
            self.diagnosis.add(Failure(cancelled.order.code, cancelled.order.reason))
        except PilotError as error:
            log.error(f"job {self.job.panda_id}: {error}")
            self.diagnosis.add(error.failure)
        except OSError as error:
            log.error(traceback.format_exc())
            self.diagnosis.add(Failure(1303, f"{error.filename}: {error.strerror}"))
        except Exception as error:  # noqa: BLE001 (the results must follow)
            log.error(traceback.format_exc())
            self.diagnosis.add(Failure(1301, f"{type(error).__name__}: {error}"))


class Beat:
    """Says every *every_s* seconds that the job lives; says nothing against any payload."""

    def __init__(self, beat: Callable[[], None], *, every_s: float) -> None:
        self.every_s = every_s
        self._beat = beat

    def look(self, _view: View) -> Failure | None:
        """Say it."""
        self._beat()
        return None
