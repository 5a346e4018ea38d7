"""A second storage where the first one fails: from a tier 2 to its tier 1, say.

All files are tried at their first storage before any goes to another, and a file is registered
where it really is. Only what failed goes elsewhere, and only if all that failed has somewhere to
go: half a job on a far storage helps nobody. If the second storage fails as well, its error is the
job's, and the first one is in the log.
Read from pilot3@a090538b:pilot/control/data.py#_do_stageout (``allow_altstageout``).
"""

from __future__ import annotations

from typing import Callable
from typing import Collection

from pilotcore.data.stage_out import StageOut
from pilotcore.data.stage_out import StoredFile
from pilotcore.errors import PilotError
from pilotcore.job import OutputFile
from pilotcore.logbook import Logbook
from pilotcore.orders import Orders

Done = Callable[[StoredFile], None]


def is_allowed(*, queue: bool | None, job: bool) -> bool:
    """Tell whether outputs may go to another storage: the queue decides, or else the job."""
    return job if queue is None else queue


def store_all(
    stager: StageOut,
    files: Collection[OutputFile],
    *,
    allowed: bool,
    log: Logbook,
    orders: Orders,
    done: Done,
) -> None:
    """Copy *files* out, to other storages if need be and *allowed*; *done* is told of each.

    Raises the PilotError of the first file that could not be stored, Cancelled by an order.
    """
    failed: list[tuple[OutputFile, PilotError]] = []
    for each in files:
        try:
            done(stager.run(each, orders=orders))
        except PilotError as error:
            if not allowed:
                raise
            failed.append((each, error))
    homeless = [why for each, why in failed if not stager.has_alternative(each)]
    if homeless:
        raise homeless[0]
    for each, why in failed:
        log.warning(f"alternative stage-out for {each.lfn}: {why}")
        done(stager.run(each, orders=orders, elsewhere=True))
