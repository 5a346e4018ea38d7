"""Clone jobs: several of one set are sent out, and only one may count.

The event ranges of the set are the token: the server gives them to the job that asks first
(panda-server@9cc3603:pandaserver/taskbuffer/db_proxy_mods/task_event_module.py#getEventRanges).
As in pilot 1 (RunJob.py), ``runonce`` asks before anything else is done for the job and
``storeonce`` before its outputs are stored.

A job that finds none left has lost. The server takes no state "closed" from a pilot
(VALID_JOB_STATES of pilot_api.py), so it ends as failed with 1234 and jobSubStatus pilot_closed,
which the server turns into closed without counting an attempt
(dataservice/adder_gen.py#check_file_status_in_jedi).

If an answer got lost, the ranges may have been given to this very job: an empty list proves
nothing then, and the job goes on; the server's semaphore decides at the end.
"""

from __future__ import annotations

from pilotcore.dialects import BadAnswer
from pilotcore.errors import PilotError
from pilotcore.job import Job
from pilotcore.logbook import Logbook
from pilotcore.orders import Orders
from pilotcore.platform import HttpFailure
from pilotcore.platform import Platform
from pilotcore.server import Server

TRIES = 5
PAUSE_S = 60.0
RANGES = 1
LOST = 1234
SUB_STATUS = "pilot_closed"


def claim(platform: Platform, server: Server, log: Logbook, *, job: Job, orders: Orders) -> None:
    """Ask for the event ranges of *job*.

    Raises PilotError: 1234 if another clone has them, 1318 if the server cannot be asked.
    """
    fields = {
        "pandaID": job.panda_id,
        "jobsetID": job.jobset_id,
        "taskID": job.task_id,
        "nRanges": RANGES,
    }
    uncertain, why = False, ""
    for attempt in range(TRIES):
        if attempt:
            orders.sleep(platform, PAUSE_S)
        try:
            ranges = server.event_ranges(fields)
        except (HttpFailure, BadAnswer) as failure:
            why = str(failure)
            uncertain = uncertain or _may_have_been_given(failure)
            log.warning(f"event ranges of {job.panda_id}: {why}")
            continue
        if ranges or uncertain:
            log.info(f"clone job {job.panda_id}: {len(ranges)} event ranges, going on")
            return
        raise PilotError(LOST, "no event ranges are left for it")
    raise PilotError(1318, f"event ranges: {why}")


def _may_have_been_given(failure: HttpFailure | BadAnswer) -> bool:
    return failure.reached if isinstance(failure, HttpFailure) else failure.lost
