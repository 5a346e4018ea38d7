"""Stage-out: output files and the log to their storage, and what is to be registered of them.

Read from pilot3@a090538b:pilot/api/data.py#StageOutClient, #prepare_destinations. Where a storage
fails, alternative.py knows another; special_log.py sends logs to a place of their own as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace
from pathlib import Path

from pilotcore.data import checksum
from pilotcore.data import locations
from pilotcore.data.copytools import COPYTOOLS
from pilotcore.data.plan import Transfer
from pilotcore.data.transfer import CopyTool
from pilotcore.data.transfer import Mover
from pilotcore.definitions import Queue
from pilotcore.definitions import Storage
from pilotcore.errors import PilotError
from pilotcore.job import Job
from pilotcore.job import OutputFile
from pilotcore.orders import Orders
from pilotcore.platform import Platform


@dataclass(frozen=True)
class StoredFile:
    """A file that has been staged out, as the server is told."""

    lfn: str
    guid: str
    size: int
    adler32: str
    surl: str
    endpoint: str

    def fields(self) -> dict[str, object]:
        """Return what goes into the final update's xml under this file's lfn."""
        return {
            "guid": self.guid,
            "fsize": self.size,
            "adler32": self.adler32,
            "surl": self.surl,
            "endpoint": self.endpoint,
        }


def find_outputs(job: Job, directory: Path) -> tuple[OutputFile, ...]:
    """Return the outputs of *job* to stage out: those in *directory*.

    Raises PilotError: 1165 for one that is missing, 1191 for one that is empty; neither if the
    job says that it may be missing.
    """
    found = []
    for each in job.outputs:
        path = directory / each.lfn
        size = path.stat().st_size if path.is_file() else -1
        if size > 0:
            found.append(each)
        elif each.lfn not in job.may_be_missing:
            raise PilotError(1165 if size < 0 else 1191, each.lfn)
    return tuple(found)


def measured(path: Path) -> tuple[int, str]:
    """Return size and adler32 of the file to send. Raises PilotError (1165)."""
    try:
        return path.stat().st_size, checksum.adler32_of(path)
    except OSError as error:
        raise PilotError(1165, f"{path.name}: {error.strerror}") from error


class StageOut:
    """Copies files of one job from *source* to the storages of the queue."""

    def __init__(
        self,
        platform: Platform,
        mover: Mover,
        *,
        queue: Queue,
        storages: locations.Storages,
        source: Path,
        attempts: int,
        directory: str = "",
        nucleus: str = "",
    ) -> None:
        self._platform = platform
        self._mover = mover
        self._queue = queue
        self._storages = storages
        self._source = source
        self._attempts = attempts
        self._directory = directory
        self._nucleus = nucleus

    def run(
        self,
        each: OutputFile,
        *,
        orders: Orders,
        within_s: float | None = None,
        elsewhere: bool = False,
    ) -> StoredFile:
        """Copy one file out and return what is to be registered. Raises PilotError.

        *within_s*: there is no more time than that, and so no second attempt. *elsewhere*: to the
        alternative of its storage, which there must be.
        """
        orders.check()
        attempts = self._attempts if within_s is None else 1
        path = self._source / each.lfn
        size, adler32 = measured(path)
        guid = each.guid or self._platform.new_guid()
        failures: list[PilotError] = []
        for name in self._tools(each):
            try:
                tool, turl, endpoint = self._route(each, name, elsewhere=elsewhere)
                plan = Transfer(each.lfn, turl, path, True, size, f"ad:{adler32}", guid)
                transfer = replace(plan, scope=each.scope, endpoint=endpoint)
                self._mover.move(
                    transfer, tool, attempts=attempts, orders=orders, within_s=within_s
                )
                return StoredFile(each.lfn, guid, size, adler32, turl, endpoint)
            except PilotError as error:
                failures.append(error)
        raise failures[0] if failures else PilotError(1323, "the queue has no copytool to write")

    def _activities(self, each: OutputFile) -> tuple[str, ...]:
        if each.is_events:
            return locations.WRITE_EVENTS
        return locations.WRITE_LOG if each.is_log else locations.WRITE

    def _tools(self, each: OutputFile) -> tuple[str, ...]:
        return locations.copytools_for(self._queue, self._activities(each))

    def has_alternative(self, each: OutputFile) -> bool:
        """Tell whether there is another storage for a file."""
        return not self._directory and self._alternative(each) is not None

    def _route(self, each: OutputFile, name: str, *, elsewhere: bool) -> tuple[CopyTool, str, str]:
        tool = COPYTOOLS.get(name)
        if tool is None:
            raise PilotError(1323, name)
        if self._directory:
            return tool, f"{self._directory.rstrip('/')}/{each.lfn}", each.endpoint
        other = self._alternative(each) if elsewhere else None
        storage = other or self._storage(each)
        protocols = locations.write_protocols(storage)
        turl = locations.turl_of(
            storage, protocols, schemes=tool.schemes, scope=each.scope, lfn=each.lfn
        )
        return tool, turl, storage.name

    def _storage(self, each: OutputFile) -> Storage:
        return locations.storage_for(
            self._queue,
            self._storages,
            wanted=each.endpoint,
            activities=self._activities(each),
        )

    def _alternative(self, each: OutputFile) -> Storage | None:
        return locations.alternative_for(
            self._queue,
            self._storages,
            wanted=each.endpoint,
            activities=self._activities(each),
            but=(self._nucleus,),
        )
