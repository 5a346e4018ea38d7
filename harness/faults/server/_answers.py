"""Answers of the PanDA server, taken apart and put together again, in both dialects.

Legacy: fields at the top, as JSON or url-encoded text (which is what a client that does not
send Accept gets). ``/api/v1``: the fields are the ``data`` of ``{"success", "message", "data"}``.
Read from panda-server@d51fd81c:pandaserver/jobdispatcher/Protocol.py and
panda-server@9cc3603:pandaserver/api/v1/common.py.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl
from urllib.parse import urlencode

from simkernel import Request
from simkernel import Response

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
LENGTH = "content-length"
# Neither a script nor a page nor a single word: none of these has fields.
URL_ENCODED = re.compile(r"[^\s<>{}=&]+=[^\s<>{}]*")


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: its *fields*; *envelope* is what surrounds them in the newer dialect."""

    fields: dict[str, Any]
    form: str
    envelope: dict[str, Any] | None = None

    def body(self) -> bytes:
        """Return the answer as it goes over the wire."""
        if self.form == FORM:
            texts = {name: "" if value is None else value for name, value in self.fields.items()}
            return urlencode(texts).encode()
        whole = self.fields if self.envelope is None else {**self.envelope, "data": self.fields}
        return json.dumps(whole).encode()


def read_answer(response: Response) -> Answer | None:
    """Return the fields of *response*; None if it has none (plain text, a list, an HTML page)."""
    text = response.body.decode("utf-8", "replace").strip()
    if URL_ENCODED.fullmatch(text):
        return Answer(dict(parse_qsl(text, keep_blank_values=True)), FORM)
    if not text.startswith("{"):
        return None
    try:
        whole = json.loads(text)
    except ValueError:
        return None
    if "success" in whole and isinstance(whole.get("data"), dict):
        return Answer(whole["data"], JSON, whole)
    return Answer(whole, JSON)


def with_body(response: Response, body: bytes) -> Response:
    """Return *response* with another *body*, and a length that fits it."""
    headers = tuple(each for each in response.headers if each[0].lower() != LENGTH)
    length = (("Content-Length", str(len(body))),)
    return Response(response.status, (*headers, *length), body, response.cut)


def page(status: int, body: bytes, *, kind: str) -> Response:
    """Return a whole answer of content type *kind*."""
    headers = (("Content-Type", kind), ("Content-Length", str(len(body))))
    return Response(status, headers, body)


def is_new_dialect(request: Request) -> bool:
    """Tell whether *request* speaks ``/api/v1``."""
    return request.path.startswith("/api/")


def form_for(request: Request) -> str:
    """Return the content type in which the server would answer *request*."""
    accepts = [value for name, value in request.headers if name.lower() == "accept"]
    return JSON if is_new_dialect(request) or any(JSON in each for each in accepts) else FORM
