"""Asking for a job: how often, how long, and when to stop.

A failed request is repeated with growing pauses. One whose answer got lost may have taken a job
off the server's list: it is repeated once, and a second loss ends the pilot, so that one pilot
can cost at most two jobs. (pilot3 asks up to three times in a row, by three clients.)
"""

from __future__ import annotations

from dataclasses import dataclass

from pilotcore.dialects import Fields
from pilotcore.errors import PilotError
from pilotcore.logbook import Logbook
from pilotcore.orders import Orders
from pilotcore.platform import Platform
from pilotcore.records import Record
from pilotcore.records import number_of
from pilotcore.records import panda_id_of
from pilotcore.server import Offer
from pilotcore.server import Server

LOSSES_MAX = 2


@dataclass
class Count:
    """What came of the requests so far."""

    empty: int = 0
    failed: int = 0
    lost: int = 0


class Asking:
    """Asks for jobs, and knows those that this pilot has had."""

    def __init__(
        self,
        platform: Platform,
        server: Server,
        log: Logbook,
        *,
        requests: int,
        failures: int,
        pause_s: float,
        patience_s: float,
    ) -> None:
        self._platform = platform
        self._server = server
        self._log = log
        self._requests = max(1, requests)
        self._failures = max(1, failures)
        self._pause_s = pause_s
        self._patience_s = patience_s
        self._taken: set[tuple[int, int]] = set()

    def next_job(self, fields: Fields, *, orders: Orders) -> Record | None:
        """Return a job record, or None if the server has none.

        Raises PilotError (1318, 1177) if the server cannot be asked, Cancelled by an order.
        """
        count = Count()
        while True:
            offer = self._ask(fields, orders)
            record = offer.record
            if record is not None and self._is_new(record):
                return record
            if self._give_up(offer, count):
                return None
            orders.sleep(self._platform, self._pause_s * max(1, min(count.failed, 5)))

    def _is_new(self, record: Record) -> bool:
        key = (panda_id_of(record), number_of(record, "attemptNr"))
        if key in self._taken:
            self._log.error(f"job {key[0]} attempt {key[1]} was handed out twice; not run again")
            return False
        self._taken.add(key)
        return True

    def _give_up(self, offer: Offer, count: Count) -> bool:
        """Count *offer*; return True if there are no jobs, raise PilotError if there is trouble."""
        self._log.warning(f"no job: {offer.why or 'one that this pilot has had'}")
        if offer.refused:
            raise PilotError(1177, f"the server refuses: {offer.why}")
        if offer.empty:
            count.empty += 1
            return count.empty >= self._requests
        count.failed += 1
        count.lost += offer.lost
        if count.lost >= LOSSES_MAX or count.failed >= self._failures:
            raise PilotError(1318, f"asking for a job: {offer.why}")
        return False

    def _ask(self, fields: Fields, orders: Orders) -> Offer:
        """Ask once, beside an order that may come; a job that still arrives then is not lost.

        Raises Cancelled if none has arrived *patience_s* after the order.
        """
        orders.check()
        answers: list[Offer] = []
        done = self._platform.flag()

        def work() -> None:
            try:
                answers.append(self._server.ask_job(fields))
            except Exception as error:  # noqa: BLE001
                # Whoever waits must hear of it: nobody else would ever wake him.
                answers.append(Offer(lost=True, why=f"{type(error).__name__}: {error}"))
            done.set()

        self._platform.spawn(work, name="getjob")
        with orders.waking(done):
            done.wait()
        done.clear()
        if not answers:
            done.wait(self._patience_s)
        if not answers or answers[0].record is None:
            orders.check()
        return answers[0]
