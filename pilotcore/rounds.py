"""One job after the other: when to take another, and when to go home.

Read from pilot3@a090538b:pilot/control/job.py#retrieve, #proceed_with_getjob.
"""

from __future__ import annotations

from functools import partial
from typing import Callable
from typing import Mapping

from pilotcore.asking import Asking
from pilotcore.credentials.signature import check_record
from pilotcore.errors import PilotError
from pilotcore.exitcodes import ENDS_PILOT
from pilotcore.flight import Flight
from pilotcore.job import broken_job
from pilotcore.job import parse_job
from pilotcore.kit import Kit
from pilotcore.kit import Landing
from pilotcore.orders import Orders
from pilotcore.overrides import job_without
from pilotcore.overrides import kit_for
from pilotcore.records import Record
from pilotcore.recovery import ledger
from pilotcore.watch.disk import free_bytes
from pilotcore.wishes import wishes

GETJOB_SHARE = 0.3
"""What a request for a job that is under way may still take of the notice of a signal."""


class Rounds:
    """Takes jobs for one pilot. *fresh_orders* makes the orders of the next job."""

    def __init__(self, kit: Kit, *, fresh_orders: Callable[[], Orders], began: float) -> None:
        self._kit = kit
        self._fresh_orders = fresh_orders
        self._began = began
        options = kit.options
        self._asking = Asking(
            kit.platform,
            kit.server,
            kit.log,
            requests=options.getjob_requests,
            failures=options.getjob_failures,
            pause_s=options.getjob_pause_s,
            patience_s=options.notice_s * GETJOB_SHARE,
        )

    def run(self) -> None:
        """Take jobs until time, work or patience is over.

        Raises PilotError if the pilot has to go because of what happened, Cancelled by an order.
        """
        while True:
            asked_at = self._kit.platform.monotonic()
            fly = self._boarded(asked_at)
            if fly is None or not self._go_on(fly()):
                return

    def _boarded(self, asked_at: float) -> Callable[[], Landing] | None:
        """Return the next job's flight, None if there is no job.

        Its record, which is large, is not needed any more then.
        """
        record = self._next()
        if record is None:
            return None
        before = {
            "getjob": self._kit.platform.monotonic() - asked_at,
            "initial": asked_at - self._began,
        }
        return self._prepare(record, before=before)

    def _next(self) -> Record | None:
        kit = self._kit
        free = free_bytes(kit.platform, kit.directory)
        fields = wishes(kit.options, kit.queue, env=kit.env, node=kit.who.node, free=free)
        return self._asking.next_job(fields, orders=kit.halt)

    def _prepare(self, record: Record, *, before: Mapping[str, float]) -> Callable[[], Landing]:
        kit, orders = self._kit, self._fresh_orders()
        mark = kit.log.mark()
        kit.log.info(f"job {record.get('PandaID')} attempt {record.get('attemptNr')}")
        refused, job = None, broken_job(record)
        try:
            job = parse_job(record)
            check_record(record, kit.env)
            kit, job = kit_for(kit, job), job_without(job)
        except PilotError as error:
            refused = error.failure
        book = ledger.begin(kit.directory, record, key=job.key, log=kit.log)
        flight = Flight(kit, job, orders=orders, before=before, mark=mark, ledger=book)
        return flight.fly if refused is None else partial(flight.refuse, refused)

    def _go_on(self, landing: Landing) -> bool:
        """Tell whether to take another job; raises PilotError if this pilot must not."""
        if not landing.acknowledged:
            raise PilotError(1318, "a final update was not acknowledged")
        if landing.failure is not None and landing.failure.code in ENDS_PILOT:
            raise PilotError(landing.failure.code, landing.failure.detail)
        if self._kit.halt.pending is not None or landing.soft_kill:
            return False
        if self._kit.server.has_job:
            return True
        return self._kit.platform.monotonic() - self._began < self._kit.queue.timefloor_s
