"""Traces: what Rucio is told of each attempt to copy a file, for statistics and popularity.

One POST an attempt, beside everything else: nobody waits for it, nobody asks how it went, and a
trace server that hangs holds a few strands and no job. Field names and values are those of
pilot3@a090538b:pilot/util/tracereport.py, and of pilot/control/data.py#create_trace_report.
"""

from __future__ import annotations

import hashlib
import json
from typing import Mapping

from pilotcore import VERSION
from pilotcore.data.plan import Transfer
from pilotcore.errors import PilotError
from pilotcore.job import Job
from pilotcore.logbook import Logbook
from pilotcore.platform import HttpFailure
from pilotcore.platform import Platform
from pilotcore.platform import Request

VARIABLE = "RUCIO_TRACES_URL"
SITE_VARIABLE = "RUCIO_LOCAL_SITE_ID"
TIMEOUT_S = 30.0
PENDING_MAX = 8
REASON_MAX = 200
USERS = ("user", "panda")


class Traces:
    """Tells the trace server at *url* of the copies of one job; no *url*, no traces."""

    def __init__(
        self, platform: Platform, log: Logbook, job: Job, *, url: str, env: Mapping[str, str]
    ) -> None:
        self._platform = platform
        self._log = log
        self._url = url
        self._job = job
        self._site = env.get(SITE_VARIABLE, "")
        self._queue = env.get("PILOT_SITENAME") or env.get("PANDA_SITE_NAME", "")
        self._node = env.get("PANDA_HOSTNAME", "unknown")
        self._pending = 0

    def tell(
        self,
        transfer: Transfer,
        *,
        began: float,
        failure: PilotError | None = None,
        direct: bool = False,
    ) -> None:
        """Tell of an attempt that began at *began* (POSIX) and has just ended."""
        if not self._url or self._pending >= PENDING_MAX:
            return
        state = state_of(transfer, failure=failure, direct=direct)
        reason = str(failure)[:REASON_MAX].replace("\\", "") if failure else "OK"
        trace = {
            **self._common(),
            **described(transfer),
            "eventType": self._event(transfer),
            "clientState": state,
            "stateReason": reason,
            "timeStart": began,
            "catStart": began,
            "relativeStart": began,
            "transferStart": began,
            "validateStart": None if failure else self._platform.now(),
            "timeEnd": self._platform.now(),
        }
        self._pending += 1
        self._platform.spawn(lambda: self._send(trace), name="trace")

    def _send(self, trace: Mapping[str, object]) -> None:
        body = json.dumps(trace).encode()
        headers = {"Content-Type": "application/json"}
        request = Request("POST", self._url, body, headers, timeout_s=TIMEOUT_S)
        try:
            status = self._platform.http(request).status
            why = "" if status < 300 else f"HTTP {status}"
        except HttpFailure as failure:
            why = str(failure)
        finally:
            self._pending -= 1
        if why:
            self._log.warning(f"a trace was not taken: {why}")

    def _event(self, transfer: Transfer) -> str:
        kind = "put_sm" if transfer.writing else "get_sm"
        return f"{kind}_a" if self._job.label in USERS else kind

    def _common(self) -> dict[str, object]:
        """Return what all traces of the job have; who runs it is told as a hash, too."""
        job = self._job
        return {
            "eventVersion": f"pilotcore-{VERSION}",
            "localSite": self._site,
            "usr": _hash(job.user),
            "usrdn": job.user,
            "appid": job.panda_id,
            "taskid": job.task_id,
            "uuid": _hash(f"ppilot_{job.key}"),
            "hostname": self._node,
            "ip": "0.0.0.0",
            "pq": self._queue,
            "suspicious": "0",
            "version": None,
            "duid": None,
            "dataset": "",
        }


def _hash(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()


def state_of(transfer: Transfer, *, failure: PilotError | None, direct: bool) -> str:
    """Return clientState: how it went, in Rucio's words."""
    if failure is not None:
        return "STAGEOUT_ATTEMPT_FAILED" if transfer.writing else "STAGEIN_ATTEMPT_FAILED"
    return "FOUND_ROOT" if direct else "DONE"


def described(transfer: Transfer) -> dict[str, object]:
    """Return what a trace says of the file."""
    return {
        "filename": transfer.lfn,
        "filesize": transfer.size,
        "guid": transfer.guid.replace("-", ""),
        "protocol": transfer.turl.partition("://")[0] if "://" in transfer.turl else "file",
        "remoteSite": transfer.endpoint,
        "scope": transfer.scope,
        "url": transfer.turl,
    }
