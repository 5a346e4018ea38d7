"""One job, from its record to its acknowledged final state.

starting → stage-in → payload → stage-out → log → final. Whatever goes wrong on the way becomes
a failure of the diagnosis; log and final update follow in every case, in this order, once.
"""

from __future__ import annotations

import traceback
from typing import Callable
from typing import Mapping

from pilotcore.collector import tell_collector
from pilotcore.data.complaints import ABOUT_CREDENTIALS
from pilotcore.data.stage_out import StoredFile
from pilotcore.errors import Diagnosis
from pilotcore.errors import Failure
from pilotcore.errors import PilotError
from pilotcore.files import remove_tree
from pilotcore.job import Job
from pilotcore.kit import Kit
from pilotcore.kit import Landing
from pilotcore.logs import create_log
from pilotcore.orders import Cancelled
from pilotcore.orders import Orders
from pilotcore.payload import failure_of
from pilotcore.records import output_files
from pilotcore.recovery.ledger import Ledger
from pilotcore.reporter import Reporter
from pilotcore.updates import Notes
from pilotcore.updates import Progress
from pilotcore.updates import used_fields
from pilotcore.usage import Meter
from pilotcore.work import Work

LOG_SHARE = 0.6
"""What the log may take of the time that is left after the pilot was told to stop."""


class Flight:
    """Takes one job through all its phases. *mark* is where its part of the pilot log begins.

    *ledger* keeps for others how far the job has come.
    """

    def __init__(
        self,
        kit: Kit,
        job: Job,
        *,
        orders: Orders,
        before: Mapping[str, float],
        mark: int,
        ledger: Ledger,
    ) -> None:
        self.diagnosis = Diagnosis()
        self._kit = kit
        self._job = job
        self._orders = orders
        self._mark = mark
        self._ledger = ledger
        self._directory = ledger.directory / f"PanDA_Pilot-{job.panda_id}"
        self._progress = Progress(
            kit.platform, before=before, entered=lambda phase: kit.database.phase(job, phase)
        )
        meter = self._meter = Meter(kit.platform, cores=kit.platform.cores())
        notes: Notes = dict(kit.metrics)
        self._work = Work(
            kit, job, directory=self._directory, orders=orders, meter=meter, notes=notes
        )
        self._reporter = Reporter(
            kit,
            job,
            progress=self._progress,
            directory=self._directory,
            orders=orders,
            meter=meter,
            notes=notes,
        )
        self._stored: list[StoredFile] = []
        self._payload_code: int | None = None

    def fly(self) -> Landing:
        """Do the job and report it; raises nothing that concerns this job only."""
        self._guard(self._do)
        return self._land()

    def refuse(self, failure: Failure) -> Landing:
        """Report a job whose record cannot be run."""
        self.diagnosis.add(failure)
        return self._land()

    def _do(self) -> None:
        self._orders.check()
        self._work.claim("runonce")
        self._work.make_directory()
        self._reporter.begin()
        self._orders.check()
        self._progress.enter("stage-in")
        self._work.stage_in()
        self._run_payload()
        if self.diagnosis.cause is None:
            self._progress.enter("stage-out")
            self._stage_out()

    def _stage_out(self) -> None:
        """Store the outputs, but for those that have been; each is noted as soon as it is."""
        self._work.stage_out(but={each.lfn for each in self._stored}, done=self._store)

    def _store(self, each: StoredFile) -> None:
        self._stored.append(each)
        self._ledger.note(stored=self._stored)

    def _run_payload(self) -> None:
        ended = self._work.run_payload(started=self._started)
        self._payload_code = ended.code
        self._ledger.note(
            payload_code=ended.code,
            payload_began=self._progress.payload_began,
            payload_ended=self._kit.platform.now(),
        )
        self._kit.database.metrics(self._job, used_fields(self._meter))
        self._kit.log.info(f"the payload ended with exit code {ended.code}")
        failure = failure_of(ended)
        if failure is not None:
            self.diagnosis.add(failure)
        # An order that came with the payload's last breath explains its exit code.
        self._orders.check()

    def _started(self) -> None:
        self._progress.enter("payload")
        self._reporter.poke()

    def _land(self) -> Landing:
        self._name_cause()
        self._ledger.note(failure=self.diagnosis.cause)
        self._progress.enter("log")
        self._guard(self._leave_log)
        cause, pilot_log = self.diagnosis.cause, self._kit.log.since(self._mark)
        job = self._job.panda_id
        tell_collector(self._kit.platform, self._kit.log, self._kit.env, job=job, text=pilot_log)
        acknowledged = self._reporter.conclude(
            cause,
            files=[each for each in self._stored if cause is None or self._is_log(each)],
            payload_code=self._payload_code,
            pilot_log=pilot_log,
            kept=self._ledger.close,
        )
        self._clean_up()
        return Landing(cause, acknowledged, self._reporter.soft_kill)

    def _guard(self, step: Callable[[], None]) -> None:
        """Take *step*; every way in which it can fail becomes a failure of the diagnosis."""
        try:
            step()
        except Cancelled as cancelled:
            self._obeyed(cancelled)
        except PilotError as error:
            self._blame(error.failure)
        except OSError as error:
            self._kit.log.error(traceback.format_exc())
            self.diagnosis.add(Failure(1303, f"{error.filename}: {error.strerror}"))
        except Exception as error:  # noqa: BLE001 (log and final update must follow)
            self._kit.log.error(traceback.format_exc())
            self.diagnosis.add(Failure(1301, f"{type(error).__name__}: {error}"))

    def _obeyed(self, cancelled: Cancelled) -> None:
        self.diagnosis.add(Failure(cancelled.order.code, cancelled.order.reason))

    def _blame(self, failure: Failure) -> None:
        """Add *failure*, and the credential if that is what stands behind it."""
        self.diagnosis.add(failure)
        if failure.code in ABOUT_CREDENTIALS:
            try:
                self._kit.credential.check(least_s=0.0, soon=1370)
            except PilotError as error:
                self.diagnosis.add(error.failure)

    def _name_cause(self) -> None:
        log, job = self._kit.log, self._job.panda_id
        for failure in self.diagnosis.failures:
            log.error(f"{failure.code} {failure.kind.name}: {failure.diag}")
        cause = self.diagnosis.cause
        if cause is None:
            log.info(f"job {job} has done its work")
        else:
            row = cause.kind
            log.error(f"job {job} failed: {cause.code} {row.name} ({row.owner}): {cause.diag}")

    def _leave_log(self) -> None:
        if self._job.log is None or any(map(self._is_log, self._stored)):
            return
        self._work.make_directory()
        self._leave_catalogue()
        moved = {each.lfn for each in self._job.inputs} | {each.lfn for each in self._job.outputs}
        create_log(
            self._directory,
            target=self._directory / self._job.log.lfn,
            prefix=f"tarball_PandaJob_{self._job.panda_id}",
            but=moved,
            pilot_log=self._kit.log.since(self._mark),
            now=self._kit.platform.now(),
        )
        try:
            self._send_log()
        except Cancelled as cancelled:
            self._obeyed(cancelled)
            self._send_log()

    def _leave_catalogue(self) -> None:
        """Put the list of what was stored into the log; one that cannot be written is missed."""
        try:
            output_files.leave(self._directory, self._stored)
        except OSError as error:
            self._kit.log.warning(f"{output_files.NAME} cannot be written: {error.strerror}")

    def _send_log(self) -> None:
        """Send the log; once the pilot has been told to stop, within the time that it has left."""
        assert self._job.log is not None
        orders, within_s = self._kit.halt, None
        if orders.pending is not None:
            orders, within_s = Orders(), max(1.0, self._kit.left_s() * LOG_SHARE)
        self._store(self._work.send_log(self._job.log, orders=orders, within_s=within_s))

    def _is_log(self, each: StoredFile) -> bool:
        return self._job.log is not None and each.lfn == self._job.log.lfn

    def _clean_up(self) -> None:
        if not self._kit.options.cleanup or not self._directory.exists():
            return
        try:
            remove_tree(self._directory)
        except OSError as error:
            self._kit.log.warning(f"{self._directory.name} cannot be removed: {error}")
