"""Jobs whose pilot is gone: finished, or at least reported, by the next pilot on the node.

A pilot holds a lock in its directory as long as it lives; the kernel takes it back when it dies,
whatever it dies of. Whoever gets the lock of another pilot's directory may speak for its job.
The server is asked first: a job that it has given up must not be registered by anybody.
Pilot 1 had this (PanDAWMS/pilot@a0cb471:JobRecovery.py); pilot3 has not.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Callable
from typing import Collection
from typing import Mapping

from pilotcore.errors import PilotError
from pilotcore.files import remove_tree
from pilotcore.flight import Flight
from pilotcore.job import Job
from pilotcore.job import parse_job
from pilotcore.kit import Kit
from pilotcore.orders import Orders
from pilotcore.overrides import kit_for
from pilotcore.records import number_of
from pilotcore.records.database import metrics_in
from pilotcore.records.database import workflow_in
from pilotcore.recovery import ledger
from pilotcore.recovery.ledger import Ledger
from pilotcore.recovery.ledger import Standing
from pilotcore.server import SETTLED
from pilotcore.updates import update_fields
from pilotcore.workplace import Workplace
from pilotcore.workplace import abandoned

PILOT_IS_GONE = 1200
GIVEN_UP = ("tobekilled", *SETTLED)


class Rescue(Flight):
    """The rest of a job's flight: what has been done is not done again."""

    def __init__(
        self, kit: Kit, job: Job, standing: Standing, *, orders: Orders, book: Ledger
    ) -> None:
        super().__init__(kit, job, orders=orders, before={}, mark=kit.log.mark(), ledger=book)
        self._standing = standing
        self._stored = list(standing.stored)
        self._payload_code = standing.payload_code
        self._progress.phase = "stage-out"
        self._progress.payload_began = standing.payload_began
        self._progress.payload_ended = standing.payload_ended
        self._carry_on(metrics_in(book.directory, job, log=kit.log))

    def _carry_on(self, used: Mapping[str, object]) -> None:
        """Take over what the pilot that is gone had measured of the payload."""
        names = ("cpuConsumptionTime", "maxRSS", "meanCoreCount")
        cpu_s, rss_kb, cores = (number_of(used, name) for name in names)
        if used:
            self._meter.carry_on(cpu_s=cpu_s, rss_max=rss_kb * 1024, cores=cores)

    def is_wanted(self) -> bool | None:
        """Ask the server whether it still counts on this job; None if it does not say."""
        kit = self._kit
        fields = update_fields(
            self._job, kit.who, self._progress, now=kit.platform.now(), state="running"
        )
        reply = kit.server.update(fields)
        phases = workflow_in(self._ledger.directory, self._job, log=kit.log)
        kit.log.info(
            f"job {self._job.panda_id} of a pilot that is gone: {reply.why}; it came"
            f" through {', '.join(phases) or 'nothing that is known'}"
        )
        if not reply.accepted:
            return None
        return not any(command in GIVEN_UP for command in reply.commands)

    def _do(self) -> None:
        self._reporter.begin()
        self._orders.check()
        if self._standing.failure is not None:
            raise PilotError(self._standing.failure.code, self._standing.failure.detail)
        if self._payload_code is None:
            raise PilotError(PILOT_IS_GONE, "the pilot was killed before the payload had ended")
        self._stage_out()


def rescue_all(
    kit: Kit, *, fresh_orders: Callable[[], Orders], spoken_for: Collection[str]
) -> None:
    """Finish what pilots that are gone have left where this one starts, and clean up after them.

    *spoken_for* are the keys of jobs whose final update has been found. Cancelled by an order.
    """
    for place in abandoned(kit.start, but=kit.directory):
        with place:
            kit.log.info(f"{place.directory.name} is of a pilot that is gone")
            if _settled(kit, place, fresh_orders, spoken_for) and kit.options.cleanup:
                with suppress(OSError):
                    remove_tree(place.directory)


def _settled(
    kit: Kit, place: Workplace, fresh_orders: Callable[[], Orders], spoken_for: Collection[str]
) -> bool:
    """Finish the jobs of one pilot; tell whether there is nothing left to do for any of them."""
    for book, standing in ledger.found(place.directory, log=kit.log):
        kit.halt.check()
        job = _job_of(kit, standing)
        if job is None or job.key in spoken_for:
            continue
        rescue = Rescue(_kit_of(kit, job), job, standing, orders=fresh_orders(), book=book)
        wanted = rescue.is_wanted()
        if wanted is None or (wanted and not rescue.fly().acknowledged):
            return False
    return True


def _kit_of(kit: Kit, job: Job) -> Kit:
    try:
        return kit_for(kit, job)
    except PilotError as error:
        kit.log.warning(f"what job {job.panda_id} had otherwise than its queue: {error}")
        return kit


def _job_of(kit: Kit, standing: Standing) -> Job | None:
    try:
        return parse_job(standing.record)
    except PilotError as error:
        kit.log.warning(f"the record of a job left behind: {error}")
        return None
