"""The two dialects of the PanDA server: how a call is written, how an answer is read.

legacy  POST /server/panda/getJob …, body gzip(JSON) without Content-Encoding, answers JSON or
        url-encoded. Read from panda-server@d51fd81c:pandaserver/jobdispatcher/JobDispatcher.py.
api     POST /api/v1/pilot/acquire_jobs …, typed snake_case fields, answers {success, message,
        data}. Read from panda-server@9cc3603:pandaserver/api/v1/pilot_api.py, event_api.py.

The names and types of what is sent are in calls.py.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from typing import Mapping
from urllib.parse import parse_qsl
from urllib.parse import urlencode

from pilotcore.calls import DIALECTS
from pilotcore.platform import Request
from pilotcore.platform import Response

Fields = Mapping[str, object]

WINDOW_BITS = 12
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


def write_request(
    dialect: str, what: str, fields: Fields, *, server: str, timeout_s: float = 120.0
) -> Request:
    """Return the request for call *what*; empty values and fields it has no row for are left out.

    Raises ValueError if a value cannot be given the type that the call asks for.
    """
    call = DIALECTS[dialect][what]
    body = {
        there: cast(fields[name])
        for name, (there, cast) in call.names.items()
        if fields.get(name) not in (None, "")
    }
    if call.method == "GET":
        url = f"{server}{call.path}?{urlencode(body)}"
        accept = {"Accept": "application/json"}
        return Request("GET", url, b"", accept, timeout_s, private=True)
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if dialect == "api":
        headers["Content-Encoding"] = "gzip"
    data = zipped(json.dumps(body).encode())
    return Request("POST", server + call.path, data, headers, timeout_s, private=True)


def zipped(data: bytes) -> bytes:
    """Return *data* in gzip's form, without a time: equal bodies are equal bytes.

    A body has some hundred bytes: with a window and tables of a few kB in the place of 256 kB it
    takes a tenth of the time, and is as small.
    """
    press = zlib.compressobj(wbits=16 + WINDOW_BITS, memLevel=4)
    return press.compress(data) + press.flush()


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
