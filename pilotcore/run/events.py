"""One job of the event service: ranges in, outputs out, and the server told of each range.

The payload asks for ranges and says what became of them (channel.py). They are had beforehand
(supply.py), and what was made of them is stored and reported beside (storing.py). What was not
finished goes back to others when the job ends: the server gives out again what it has not heard
of, so that nothing has to be said of it, and a pilot that dies has said nothing wrong.

Looking at the channel is done as the payload's watchdogs are: every EVERY_S seconds.
Read from pilot3@a090538b:pilot/eventservice and pilot/control/payloads/eventservice.py; states of
ranges and commands from panda-server@9cc3603:taskbuffer/db_proxy_mods/task_event_module.py#L324.
Not modelled: jumbo jobs (they ask in the same way), merging, fine-grained processing.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Callable
from typing import Mapping
from typing import Sequence

from pilotcore.data.stage_out import StoredFile
from pilotcore.dialects import BadAnswer
from pilotcore.errors import Failure
from pilotcore.errors import PilotError
from pilotcore.job import Job
from pilotcore.kit import Kit
from pilotcore.orders import Cancelled
from pilotcore.orders import Order
from pilotcore.orders import Orders
from pilotcore.platform import HttpFailure
from pilotcore.run.channel import VARIABLE
from pilotcore.run.channel import Channel
from pilotcore.run.channel import Message
from pilotcore.run.channel import parse_message
from pilotcore.run.storing import Made
from pilotcore.run.storing import Store
from pilotcore.run.storing import Storing
from pilotcore.run.supply import NO_EVENTS
from pilotcore.run.supply import EventRange
from pilotcore.run.supply import Supply
from pilotcore.server import TIMEOUT_S
from pilotcore.watch import View

EVERY_S = 5.0
REPORT_TRIES = 5
REPORT_PAUSE_S = 60.0
LAST_SHARE = 0.3
"""What the outputs of events may take of the time that is left after an order."""
REPORT_SHARE = 0.2
"""What the server may take of it to hear of them."""
UNKNOWN_PAYLOAD, RECOVERABLE = 1220, 1224
SINGLE, ZIPPED = 0, 1


class EventService:
    """Feeds the payload of one job; *store* stores a file, *fetch* gets the input of a range."""

    every_s = EVERY_S

    def __init__(
        self,
        kit: Kit,
        job: Job,
        *,
        directory: Path,
        store: Store,
        fetch: Callable[[EventRange], None],
        orders: Orders,
    ) -> None:
        self.finished = 0
        self.failed = 0
        self._kit = kit
        self._job = job
        self._directory = directory
        self._orders = orders
        self._channel = Channel(directory)
        self._given: set[str] = set()
        self._idle = 0
        self._unheard = 0
        self._supply = Supply(
            kit.platform,
            kit.log,
            ask=self._ask,
            fetch=fetch,
            spoil=lambda each, error: self._tell_failed([each.name], error.failure.code),
            ahead=max(1, job.cores),
            orders=orders,
        )
        self._storing = Storing(
            kit.platform,
            kit.log,
            directory=directory,
            store=store,
            done=self._stored,
            failed=lambda bundle, error: self._tell_failed(
                [made.name for made in bundle], error.failure.code
            ),
            gap_s=kit.queue.event_gap_s,
            orders=orders,
        )

    @property
    def env(self) -> Mapping[str, str]:
        """Return what the payload has to be told."""
        return {VARIABLE: str(self._channel.folder)}

    def begin(self) -> None:
        """Be ready for the payload. Raises PilotError: 1238 if there is nothing for it to do."""
        self._supply.begin()
        self._channel.open()
        self._storing.begin()

    def look(self, _view: View) -> Failure | None:
        """Hear what the payload says, and answer."""
        self._hear()
        self._answer()
        return None

    def finish(self) -> None:
        """The payload has ended: hear its last words, have all stored and reported."""
        try:
            self._hear()
        except OSError as error:
            self._kit.log.error(f"the payload's last words cannot be read: {error}")
        self._supply.stop()
        self._storing.finish(within_s=max(1.0, self._kit.left_s() * LAST_SHARE))
        left = len(self._given) + self._supply.unused
        self._kit.log.info(
            f"event ranges: {self.finished} finished, {self.failed} failed, {left} go back"
        )

    def check(self) -> None:
        """Raise PilotError (1238, 1224, 1318) if the job has done nothing that counts."""
        if self.finished:
            return
        if self._unheard:
            raise PilotError(1318, f"{self._unheard} event ranges are stored, nobody heard of it")
        if self.failed:
            raise PilotError(RECOVERABLE, f"all {self.failed} event ranges failed")
        raise PilotError(NO_EVENTS, "the payload has finished no event range")

    # -- the payload

    def _hear(self) -> None:
        for line in self._channel.receive():
            message = parse_message(line)
            if message is None:
                self._kit.log.warning(f"the payload says {line!r:.200}")
            else:
                self._heed(message)

    def _heed(self, message: Message) -> None:
        if message.ready:
            self._idle += 1
        elif message.name not in self._given:
            self._kit.log.warning(f"the payload speaks of {message.name}, which it does not have")
        elif message.output:
            self._given.discard(message.name)
            self._storing.add(Made(message.name, self._directory / message.output))
        else:
            self._given.discard(message.name)
            self._kit.log.error(f"event range {message.name}: {message.text}")
            self._tell_failed([message.name], UNKNOWN_PAYLOAD)

    def _answer(self) -> None:
        while self._idle:
            each = self._supply.take()
            if each is not None:
                self._given.add(each.name)
                self._channel.give({**each.record, "PFN": str(self._directory / each.lfn)})
            elif self._supply.exhausted:
                self._channel.give_none()
            else:
                return
            self._idle -= 1

    # -- the server

    def _ask(self) -> tuple[object, ...]:
        job = self._job
        return self._kit.server.event_ranges(
            {
                "pandaID": job.panda_id,
                "jobsetID": job.jobset_id,
                "taskID": job.task_id,
                "nRanges": max(1, job.cores),
            }
        )

    def _stored(self, bundle: Sequence[Made], stored: StoredFile) -> None:
        entry = {
            "zipFile": {
                "numEvents": len(bundle),
                "objstoreID": self._kit.storages[stored.endpoint].number,
                "lfn": stored.lfn,
                "fsize": stored.size,
                "adler32": stored.adler32,
                "pathConvention": 1000,
            },
            "eventRanges": [
                {"eventRangeID": made.name, "eventStatus": "finished"} for made in bundle
            ],
        }
        if self._tell([entry], version=ZIPPED):
            self.finished += len(bundle)
        else:
            self._unheard += len(bundle)

    def _tell_failed(self, names: Sequence[str], code: int) -> None:
        self.failed += len(names)
        entries = [
            {"eventRangeID": name, "eventStatus": "failed", "errorCode": code} for name in names
        ]
        self._tell(entries, version=SINGLE)

    def _tell(self, entries: Sequence[Mapping[str, object]], *, version: int) -> bool:
        """Tell the server until it has heard; tell whether it has.

        To say a thing twice does no harm: a range that is finished stays so.
        """
        fields = {"eventRanges": json.dumps(entries), "version": version}
        for attempt in range(REPORT_TRIES):
            try:
                if attempt:
                    self._orders.sleep(self._kit.platform, REPORT_PAUSE_S)
                timeout_s = self._timeout_s()
                commands = self._kit.server.update_event_ranges(fields, timeout_s=timeout_s)
            except (HttpFailure, BadAnswer) as failure:
                self._kit.log.warning(f"event ranges not reported: {failure}")
            except Cancelled:
                return False
            else:
                self._obey(commands.get(str(self._job.panda_id), ()))
                return True
        return False

    def _timeout_s(self) -> float:
        """Return how long the server may take: after an order not all that is left of time."""
        if self._orders.pending is None:
            return TIMEOUT_S
        return min(TIMEOUT_S, max(1.0, self._kit.left_s() * REPORT_SHARE))

    def _obey(self, commands: Sequence[str]) -> None:
        for command in commands:
            self._kit.log.info(f"the server says {command!r} of the event ranges")
            if command == "tobekilled":
                self._orders.give(Order(1144, command))
            elif command == "softkill":
                self._supply.stop()
