"""The two dialects of the PanDA server, as tables: how a call is written, how an answer is read.

legacy  POST /server/panda/getJob …, body gzip(JSON) without Content-Encoding, answers JSON or
        url-encoded. Read from panda-server@d51fd81c:pandaserver/jobdispatcher/JobDispatcher.py.
api     POST /api/v1/pilot/acquire_jobs …, typed snake_case fields, answers {success, message,
        data}. Read from panda-server@9cc3603:pandaserver/api/v1/pilot_api.py, event_api.py.

Both servers refuse a request with a field that they do not know, and api one with a value of
the wrong type: what has no row in the table of a call is not sent. Times are UTC in the form
``%Y-%m-%d %H:%M:%S``, the only one that either server keeps.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from typing import Callable
from typing import Mapping
from urllib.parse import parse_qsl

from pilotcore.platform import Request
from pilotcore.platform import Response

Fields = Mapping[str, object]
Cast = Callable[[object], object]

SUCCESS, TIMEOUT, NO_JOBS, FAILED, ROLE = 0, 10, 20, 30, 60


class BadAnswer(Exception):
    """What came is no answer of PanDA; *lost* if there may have been a proper one in it."""

    def __init__(self, text: str, *, lost: bool = False) -> None:
        super().__init__(text)
        self.lost = lost


@dataclass(frozen=True)
class Answer:
    """An answer of PanDA: its status code, its fields, and what it says in words."""

    code: int
    fields: Mapping[str, object]
    message: str = ""


@dataclass(frozen=True)
class Call:
    """One call of one dialect: its path, and own name -> (name there, type there)."""

    path: str
    names: Mapping[str, tuple[str, Cast]]


def _text(value: object) -> str:
    return str(value)


def _whole(value: object) -> int:
    return int(float(str(value)))


def _same(*names: str) -> dict[str, tuple[str, Cast]]:
    return {name: (name, _text) for name in names}


_UPDATE_TEXTS = {
    "state": "job_status",
    "node": "node",
    "siteName": "site_name",
    "schedulerID": "scheduler_id",
    "pilotID": "pilot_id",
    "batchID": "batch_id",
    "startTime": "start_time",
    "endTime": "end_time",
    "pilotTiming": "pilot_timing",
    "jobMetrics": "job_metrics",
    "pilotErrorDiag": "pilot_error_diag",
    "exeErrorDiag": "exe_error_diag",
    "jobSubStatus": "job_sub_status",
    "metaData": "meta_data",
    "pilotLog": "pilot_log",
    "stdout": "stdout",
    "xml": "job_output_report",
}
_UPDATE_NUMBERS = {
    "jobId": "job_id",
    "attemptNr": "attempt_nr",
    "coreCount": "core_count",
    "pilotErrorCode": "pilot_error_code",
    "exeErrorCode": "exe_error_code",
    "transExitCode": "trans_exit_code",
}

LEGACY: Mapping[str, Call] = {
    "acquire_jobs": Call(
        "/server/panda/getJob",
        {
            "queue": ("computingElement", _text),
            "resource": ("siteName", _text),
            "label": ("prodSourceLabel", _text),
            "node": ("node", _text),
            "disk_mb": ("diskSpace", _whole),
            "resource_type": ("resourceType", _text),
            "job_type": ("jobType", _text),
            "harvester_id": ("harvester_id", _text),
            "worker_id": ("worker_id", _whole),
        },
    ),
    "update_job": Call(
        "/server/panda/updateJob",
        {
            **_same("jobId", "timestamp", *_UPDATE_TEXTS),
            **{name: (name, _whole) for name in _UPDATE_NUMBERS if name != "jobId"},
        },
    ),
    "acquire_event_ranges": Call(
        "/server/panda/getEventRanges",
        {
            **_same("pandaID", "jobsetID", "taskID"),
            "nRanges": ("nRanges", _whole),
        },
    ),
    "update_worker_status": Call(
        "/server/panda/updateWorkerPilotStatus",
        {
            "worker_id": ("workerID", _text),
            "harvester_id": ("harvesterID", _text),
            "status": ("status", _text),
            "queue": ("site", _text),
            "node": ("node_id", _text),
        },
    ),
}

API: Mapping[str, Call] = {
    "acquire_jobs": Call(
        "/api/v1/pilot/acquire_jobs",
        {
            "queue": ("computing_element", _text),
            "resource": ("site_name", _text),
            "label": ("prod_source_label", _text),
            "node": ("node", _text),
            "disk_mb": ("disk_space", _whole),
            "resource_type": ("resource_type", _text),
            "job_type": ("job_type", _text),
            "harvester_id": ("harvester_id", _text),
            "worker_id": ("worker_id", _whole),
        },
    ),
    "update_job": Call(
        "/api/v1/pilot/update_job",
        {
            **{name: (there, _text) for name, there in _UPDATE_TEXTS.items()},
            **{name: (there, _whole) for name, there in _UPDATE_NUMBERS.items()},
        },
    ),
    "acquire_event_ranges": Call(
        "/api/v1/event/acquire_event_ranges",
        {
            "pandaID": ("job_id", _whole),
            "jobsetID": ("jobset_id", _whole),
            "taskID": ("task_id", _whole),
            "nRanges": ("n_ranges", _whole),
        },
    ),
    "update_worker_status": Call(
        "/api/v1/pilot/update_worker_status",
        {
            "worker_id": ("worker_id", _text),
            "harvester_id": ("harvester_id", _text),
            "status": ("status", _text),
            "node": ("node_id", _text),
        },
    ),
}
DIALECTS: Mapping[str, Mapping[str, Call]] = {"legacy": LEGACY, "api": API}


def write_request(dialect: str, what: str, fields: Fields, *, server: str) -> Request:
    """Return the request for call *what*; empty values and fields it has no row for are left out.

    Raises ValueError if a value cannot be given the type that the call asks for.
    """
    call = DIALECTS[dialect][what]
    body = {
        there: cast(fields[name])
        for name, (there, cast) in call.names.items()
        if fields.get(name) not in (None, "")
    }
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if dialect == "api":
        headers["Content-Encoding"] = "gzip"
    # mtime=0: equal bodies are equal bytes.
    data = gzip.compress(json.dumps(body).encode(), mtime=0)
    return Request("POST", server + call.path, data, headers, private=True)


def read_answer(dialect: str, response: Response) -> Answer:
    """Return what *response* says. Raises BadAnswer if it does not come from PanDA."""
    text = response.text().strip()
    if response.status != 200:
        raise BadAnswer(f"HTTP {response.status}: {text[:80]}")
    fields = _decode(text)
    return _envelope(fields) if dialect == "api" else _legacy(fields)


def _decode(text: str) -> dict[str, object]:
    """Decode a JSON object or a url-encoded form that has a StatusCode; nothing else is one."""
    if text.startswith("{"):
        try:
            fields = json.loads(text)
        except ValueError as error:
            raise BadAnswer(f"broken JSON ({error}): {text[:80]}", lost=True) from error
        return {str(name): value for name, value in fields.items()}
    form = dict(parse_qsl(text, keep_blank_values=True))
    if "StatusCode" not in form:
        raise BadAnswer(f"not an answer of PanDA: {text[:80]!r}", lost=not text)
    return dict(form)


def _number(value: object) -> int:
    try:
        return int(str(value))
    except ValueError:
        raise BadAnswer(f"StatusCode {value!r} is no number", lost=True) from None


def _legacy(fields: dict[str, object]) -> Answer:
    if "StatusCode" not in fields:
        raise BadAnswer(f"an answer without StatusCode: {sorted(fields)[:8]}", lost=True)
    return Answer(_number(fields["StatusCode"]), fields, str(fields.get("errorDialog") or ""))


def _envelope(answer: dict[str, object]) -> Answer:
    if "success" not in answer:
        raise BadAnswer(f"an answer without success: {sorted(answer)[:8]}", lost=True)
    data, message = answer.get("data"), str(answer.get("message") or "")
    fields = dict(data) if isinstance(data, dict) else {"data": data}
    if not answer["success"]:
        return Answer(_code_of(message), fields, message)
    return Answer(_number(fields.get("StatusCode", SUCCESS)), fields, message)


def _code_of(message: str) -> int:
    """Return the StatusCode of a refusal in words (pilot_api.py#acquire_jobs, common.py)."""
    text = message.lower()
    if "no jobs" in text:
        return NO_JOBS
    if "timed out" in text or "timeout" in text:
        return TIMEOUT
    return ROLE if "role" in text or "ssl" in text else FAILED
