"""A log's second copy, in a storage of its own, where a monitor finds it by the job's id.

Two digits a level: the log of job 1838566890 is below ``18/38/56/68/90``. Nobody registers this
copy, and what goes wrong with it is a warning, never the job's error: the ordinary log counts.
The queue names the storages (activity ``pls``); that it is wanted, the word ``log_to_objectstore``
of its catchall says, or ``putLogToOS`` of the job.
Read from PanDAWMS/pilot@a0cb471:JobLog.py#constructPathFromJobid, #transferLogFile,
ATLASExperiment.py#doSpecialLogFileTransfer.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pilotcore.data import locations
from pilotcore.data.copytools import COPYTOOLS
from pilotcore.data.plan import Transfer
from pilotcore.data.stage_out import measured
from pilotcore.data.transfer import Mover
from pilotcore.definitions import Queue
from pilotcore.definitions import Storage
from pilotcore.errors import PilotError
from pilotcore.job import Job
from pilotcore.job import OutputFile
from pilotcore.orders import Orders

ACTIVITY = "pls"
FLAG = "log_to_objectstore"
METRIC = "logSpecial"


def folders_of(panda_id: int) -> str:
    """Return the folders below which the log of a job is: pairs of digits, and an odd last one."""
    digits = str(panda_id)
    return "/".join(digits[at : at + 2] for at in range(0, len(digits), 2))


def is_wanted(job: Job, queue: Queue) -> bool:
    """Tell whether the log of *job* is to be copied to a special storage as well."""
    return (job.special_log or FLAG in queue.catchall) and ACTIVITY in queue.storages_for


def send(
    mover: Mover,
    job: Job,
    log: OutputFile,
    *,
    directory: Path,
    queue: Queue,
    storages: locations.Storages,
    orders: Orders,
) -> str:
    """Copy the log from *directory*, once; return ``ENDPOINT:path`` of the copy.

    Raises PilotError, and Cancelled by an order.
    """
    source = directory / log.lfn
    size, adler32 = measured(source)
    path = f"{folders_of(job.panda_id)}/{log.lfn}"
    failures = [PilotError(1323, "the queue has no copytool for special logs")]
    names = locations.copytools_for(queue, (ACTIVITY, *locations.WRITE_LOG))
    for name in filter(COPYTOOLS.__contains__, names):
        try:
            storage, tool = _storage(queue, storages), COPYTOOLS[name]
            turl = locations.turl_at(storage, schemes=tool.schemes, path=path)
            plan = Transfer(log.lfn, turl, source, True, size, f"ad:{adler32}", log.guid)
            transfer = replace(plan, scope=log.scope, endpoint=storage.name)
            mover.move(transfer, tool, attempts=1, orders=orders)
            return f"{storage.name}:{path}"
        except PilotError as error:
            failures.append(error)
    raise failures[-1]


def _storage(queue: Queue, storages: locations.Storages) -> Storage:
    names = queue.storages_for[ACTIVITY]
    found = next((storages[name] for name in names if name in storages), None)
    if found is None:
        raise PilotError(1133, f"{queue.name}: {', '.join(names)} not defined")
    return found
