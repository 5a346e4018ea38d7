"""The supply of event ranges: had before the payload asks for them, with the inputs they need.

While the present ranges are processed, the next ones are asked for and, if the job is to stream
its inputs (usePrefetcher), the files that they are in are fetched: a payload never waits for a
server or a storage that is merely slow. A request whose answer was lost is made again: the ranges
of that answer go back when the job ends, the server gives each of them to one job only.

Read from pilot3@a090538b:pilot/eventservice/communicationmanager (requests) and pilot 1's
Prefetcher (EventServiceManager). Not modelled: fetching less of a file than the whole.
"""

from __future__ import annotations

import traceback
from collections import deque
from dataclasses import dataclass
from typing import Callable
from typing import Mapping

from pilotcore.dialects import BadAnswer
from pilotcore.errors import PilotError
from pilotcore.logbook import Logbook
from pilotcore.orders import Cancelled
from pilotcore.orders import Orders
from pilotcore.platform import HttpFailure
from pilotcore.platform import Platform

TRIES = 5
PAUSE_S = 60.0
NO_EVENTS = 1238


@dataclass(frozen=True)
class EventRange:
    """A range of events of the file *lfn*; *record* is all that the server says of it."""

    name: str
    lfn: str
    record: Mapping[str, object]


def parse_range(record: object) -> EventRange | None:
    """Return the range in *record*, None if it is none."""
    if not isinstance(record, dict) or not record.get("eventRangeID"):
        return None
    return EventRange(
        name=str(record["eventRangeID"]),
        lfn=str(record.get("LFN") or ""),
        record=record,
    )


class Supply:
    """Keeps *ahead* ranges ready. *ask* asks for more once; *fetch* gets what one needs.

    *spoil* is told of a range whose input cannot be had.
    """

    def __init__(
        self,
        platform: Platform,
        log: Logbook,
        *,
        ask: Callable[[], tuple[object, ...]],
        fetch: Callable[[EventRange], None],
        spoil: Callable[[EventRange, PilotError], None],
        ahead: int,
        orders: Orders,
    ) -> None:
        self._platform = platform
        self._log = log
        self._ask = ask
        self._fetch = fetch
        self._spoil = spoil
        self._ahead = ahead
        self._orders = orders
        self._bare: deque[EventRange] = deque()
        self._ready: deque[EventRange] = deque()
        self._wake = platform.flag()
        self._empty = False
        self._begun = False
        self._over = False

    @property
    def exhausted(self) -> bool:
        """Tell whether there is nothing left and nothing will come."""
        return self._over and not self._ready

    @property
    def unused(self) -> int:
        """Return how many ranges nobody has taken."""
        return len(self._ready) + len(self._bare)

    def begin(self) -> None:
        """Have the first range ready. Raises PilotError (1238, 1318)."""
        self._more()
        if not self._bare:
            raise PilotError(NO_EVENTS, "the server has no event ranges for it")
        self._prepare(self._bare.popleft())

    def take(self) -> EventRange | None:
        """Return a range that is ready, None if there is none now.

        The first time it begins to look ahead: before that nobody has begun to work.
        """
        if not self._begun:
            self._begun = True
            self._platform.spawn(self._live, name="event ranges")
        if not self._ready:
            return None
        self._wake.set()
        return self._ready.popleft()

    def stop(self) -> None:
        """Give out nothing more."""
        self._over = True
        self._ready.clear()
        self._wake.set()

    def _live(self) -> None:
        try:
            with self._orders.waking(self._wake):
                self._look_ahead()
        except (Cancelled, PilotError) as reason:
            self._log.warning(f"no more event ranges: {reason}")
        except Exception:  # noqa: BLE001
            # Whoever waits for ranges must hear that none will come.
            self._log.error(traceback.format_exc())
        self._over = True

    def _look_ahead(self) -> None:
        while not self._over and not (self._empty and not self._bare):
            self._orders.check()
            if len(self._ready) >= self._ahead:
                self._wake.wait()
                self._wake.clear()
            elif self._bare:
                self._prepare(self._bare.popleft())
            else:
                self._more()

    def _prepare(self, each: EventRange) -> None:
        try:
            self._fetch(each)
        except PilotError as error:
            self._spoil(each, error)
        else:
            self._ready.append(each)

    def _more(self) -> None:
        """Ask until there is an answer. Raises PilotError (1318), Cancelled."""
        why = ""
        for attempt in range(TRIES):
            if attempt:
                self._pause()
            if self._over:
                return
            try:
                records = self._ask()
            except (HttpFailure, BadAnswer) as failure:
                why = str(failure)
                self._log.warning(f"event ranges: {why}")
                continue
            found = [each for each in map(parse_range, records) if each is not None]
            self._log.info(f"{len(found)} event ranges")
            self._bare.extend(found)
            self._empty = not found
            return
        raise PilotError(1318, f"event ranges: {why}")

    def _pause(self) -> None:
        """Wait, but not for longer than ranges are wanted. Raises Cancelled."""
        until = self._platform.monotonic() + PAUSE_S
        with self._orders.waking(self._wake):
            while not self._over and (left_s := until - self._platform.monotonic()) > 0:
                self._wake.wait(left_s)
                self._wake.clear()
                self._orders.check()
