"""Stage-in: every input file of a job into its work directory, or a failure that says which.

Read from pilot3@a090538b:pilot/api/data.py#StageInClient. A job whose inputs are for direct access
has them looked at, and not copied. Not modelled: files in parallel.
"""

from __future__ import annotations

from pathlib import Path

from pilotcore.data import locations
from pilotcore.data.copytools import COPYTOOLS
from pilotcore.data.plan import Transfer
from pilotcore.data.replicas import TIMEOUT_S
from pilotcore.data.replicas import ordered
from pilotcore.data.replicas import question
from pilotcore.data.replicas import read_metalink
from pilotcore.data.transfer import CopyTool
from pilotcore.data.transfer import Mover
from pilotcore.definitions import Queue
from pilotcore.errors import PilotError
from pilotcore.job import InputFile
from pilotcore.job import Job
from pilotcore.orders import Orders
from pilotcore.records.output_files import Placed
from pilotcore.records.output_files import leave_inputs


def check_sizes(job: Job, *, queue: Queue, free: int | None) -> None:
    """Raise PilotError (1168, 1098) if the inputs are too large for queue or disk (bytes)."""
    total = sum(max(0, each.size) for each in job.inputs)
    if queue.input_max and total > queue.input_max:
        raise PilotError(1168, f"{total} bytes of input, the queue takes {queue.input_max}")
    if free is not None and total > free:
        raise PilotError(1098, f"{total} bytes of input, {free} bytes free")


class StageIn:
    """Copies the inputs of one job into *target*."""

    def __init__(
        self,
        mover: Mover,
        *,
        queue: Queue,
        storages: locations.Storages,
        target: Path,
        attempts: int,
        directory: str = "",
    ) -> None:
        self._mover = mover
        self._queue = queue
        self._storages = storages
        self._target = target
        self._attempts = attempts
        self._directory = directory

    def run(self, job: Job, *, orders: Orders) -> None:
        """Copy all inputs of *job*. Raises PilotError for the first that cannot be had."""
        placed = []
        for each in job.inputs:
            orders.check()
            where = self._fetch(each, orders, direct=job.direct)
            placed.append(Placed(each.lfn, each.guid, where))
        if placed:
            leave_inputs(self._target, placed)

    def _fetch(self, each: InputFile, orders: Orders, *, direct: bool) -> str:
        """Try the queue's tools one after the other; the first failure is the one to report.

        Returns where the payload finds the file: its name, or for direct access its URL.
        """
        failures: list[PilotError] = []
        for name in self._tools():
            try:
                tool, turl = self._route(each, name, orders)
                transfer = self._transfer(each, turl)
                if direct:
                    self._mover.look(transfer, tool, orders=orders)
                    return turl
                self._mover.move(transfer, tool, attempts=self._attempts, orders=orders)
                return each.lfn
            except PilotError as error:
                failures.append(error)
        raise failures[0] if failures else PilotError(1323, "the queue has no copytool to read")

    def _tools(self) -> tuple[str, ...]:
        return locations.copytools_for(self._queue, locations.READ)

    def _route(self, each: InputFile, name: str, orders: Orders) -> tuple[CopyTool, str]:
        tool = COPYTOOLS.get(name)
        if tool is None:
            raise PilotError(1323, name)
        if self._directory:
            return tool, f"{self._directory.rstrip('/')}/{each.lfn}"
        if not each.endpoint:
            return tool, self._find(each, tool, orders)
        storage = self._storages.get(each.endpoint)
        if storage is None:
            raise PilotError(1331, f"{each.lfn}: endpoint {each.endpoint!r} is not defined")
        protocols = locations.read_protocols(self._queue, storage)
        turl = locations.turl_of(
            storage, protocols, schemes=tool.schemes, scope=each.scope, lfn=each.lfn
        )
        return tool, turl

    def _find(self, each: InputFile, tool: CopyTool, orders: Orders) -> str:
        """Return where the catalogue has the file. Raises PilotError (1331)."""
        argv = question(each.scope, each.lfn, schemes=tool.schemes)
        outcome = self._mover.ask(argv, limit_s=TIMEOUT_S, orders=orders)
        near = [name for activity in locations.READ for name in self._near(activity)]
        found = ordered(read_metalink(outcome.stdout), near)
        if not found:
            raise PilotError(1331, f"{each.lfn}: no replica is known: {outcome.words[-80:]}")
        return found[0].turl

    def _near(self, activity: str) -> tuple[str, ...]:
        return self._queue.storages_for.get(activity, ())

    def _transfer(self, each: InputFile, turl: str) -> Transfer:
        return Transfer(
            lfn=each.lfn,
            turl=turl,
            path=self._target / each.lfn,
            writing=False,
            size=each.size,
            checksum=each.checksum,
            guid=each.guid,
            scope=each.scope,
            endpoint=each.endpoint,
        )
