"""Events of a job that has no network: its ranges lie in a file, what is made of them is declared.

Harvester has asked for the ranges; it stores the outputs and reports each range when its file is
stored. Ranges of which nothing is declared go back when the job ends.
"""

from __future__ import annotations

from collections import deque
from pathlib import Path
from typing import Callable
from typing import Mapping

from pilotcore.data import checksum
from pilotcore.errors import Failure
from pilotcore.errors import PilotError
from pilotcore.job import Job
from pilotcore.logbook import Logbook
from pilotcore.records import Record
from pilotcore.run import access_point as files
from pilotcore.run.channel import VARIABLE
from pilotcore.run.channel import Channel
from pilotcore.run.channel import Message
from pilotcore.run.channel import parse_message
from pilotcore.run.supply import NO_EVENTS
from pilotcore.run.supply import EventRange
from pilotcore.run.supply import parse_range
from pilotcore.watch import View

EVERY_S = 5.0


class FileEvents:
    """Feeds the payload of one job from the files in its *directory*."""

    every_s = EVERY_S

    def __init__(self, log: Logbook, job: Job, *, directory: Path) -> None:
        self._log = log
        self._job = job
        self._directory = directory
        self._channel = Channel(directory)
        self._ranges: deque[EventRange] = deque()
        self._given: set[str] = set()
        self._done: list[Message] = []

    @property
    def env(self) -> Mapping[str, str]:
        """Return what the payload has to be told."""
        return {VARIABLE: str(self._channel.folder)}

    def begin(self) -> None:
        """Read the ranges. Raises PilotError (1238) if there are none."""
        rows = files.read_json(self._directory / files.RANGES)
        listed = rows.get(str(self._job.panda_id)) if isinstance(rows, dict) else None
        found = map(parse_range, listed if isinstance(listed, list) else [])
        self._ranges.extend(each for each in found if each is not None)
        if not self._ranges:
            raise PilotError(NO_EVENTS, f"{files.RANGES} has none for it")
        self._channel.open()

    def look(self, _view: View) -> Failure | None:
        """Hear what the payload says, and answer."""
        for line in self._channel.receive():
            message = parse_message(line)
            if message is None:
                self._log.warning(f"the payload says {line!r:.200}")
            elif message.ready:
                self._answer()
            elif message.name in self._given:
                self._given.discard(message.name)
                self._done.append(message)
        return None

    def finish(self, *, guid: Callable[[], str]) -> list[Record]:
        """Hear the last words; return an entry for each range of which something is known."""
        self.look(View(self._directory, 0, 0.0))
        left = len(self._given) + len(self._ranges)
        self._log.info(f"event ranges: {len(self._done)} ended, {left} go back")
        return [self._entry(message, guid) for message in self._done]

    def _answer(self) -> None:
        if not self._ranges:
            self._channel.give_none()
            return
        each = self._ranges.popleft()
        self._given.add(each.name)
        self._channel.give({**each.record, "PFN": str(self._directory / each.lfn)})

    def _entry(self, message: Message, guid: Callable[[], str]) -> Record:
        told = {"eventRangeID": message.name, "type": "es_output", "path": message.output}
        path = self._directory / message.output
        if not message.output or not path.is_file():
            return {**told, "eventStatus": "failed"}
        entry = files.to_store(
            path.name,
            kind="es_output",
            path=path,
            size=path.stat().st_size,
            adler32=checksum.adler32_of(path),
            guid=guid(),
        )
        return {**entry, **told, "eventStatus": "finished"}
