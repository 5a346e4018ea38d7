"""Bytes to variables and answers to bytes, in both dialects.

Legacy: a body of type application/json is gunzipped whatever the headers say, True and False
become text; anything else is a form or, in a GET, a query. The answer is url-encoded unless the
client accepts JSON. Here a legacy body that is not compressed is read as well (the real server
ends its process over it). api/v1: JSON, compressed if Content-Encoding says so; the answer is
JSON if the request's type or Accept is exactly application/json, else the text of a Python dict.
Read from panda-server@9cc36033:server/panda.py and 2e1a1449:jobdispatcher/Protocol.py.
"""

from __future__ import annotations

import gzip
import json
import zlib
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from typing import Mapping
from urllib.parse import parse_qsl
from urllib.parse import urlencode

JSON = "application/json"
TEXT = "text/plain"
GZIP_MAGIC = b"\x1f\x8b"


class BodyError(Exception):
    """A body cannot be read; the text is what the server answers, with HTTP 500."""


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """What of a request the server looks at."""

    method: str
    path: str
    query: str = ""
    content_type: str = ""
    content_encoding: str = ""
    accept: str = ""
    body: bytes = b""

    @property
    def carries_json(self) -> bool:
        """Tell whether the body is to be read as JSON."""
        return self.content_type == JSON and self.method in ("POST", "PUT")

    @property
    def accepts_json(self) -> bool:
        """Tell whether a legacy answer is to be JSON."""
        return JSON in self.accept

    @property
    def wants_json(self) -> bool:
        """Tell whether a modern answer is to be JSON."""
        return JSON in (self.content_type, self.accept)


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What goes back."""

    status: int
    kind: str
    body: bytes


def read_legacy(request: HttpRequest) -> dict[str, Any]:
    """Return the variables of a legacy request. Raises BodyError."""
    if not request.carries_json:
        return read_form(request)
    body = request.body
    content = load(unzipped(body) if body.startswith(GZIP_MAGIC) else body)
    return {
        name: str(value) if isinstance(value, bool) else value for name, value in content.items()
    }


def read_modern(request: HttpRequest) -> dict[str, Any]:
    """Return the variables of an api/v1 request. Raises BodyError."""
    if not request.carries_json:
        return read_form(request)
    zipped = request.content_encoding == "gzip"
    return load(unzipped(request.body) if zipped else request.body)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in a form."""

    name: str
    content: bytes


def read_parts(request: HttpRequest) -> dict[str, Any]:
    """Return the variables of a form in several parts; those with a file name are files."""
    head = f"Content-Type: {request.content_type}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + request.body)
    values: dict[str, Any] = {}
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if not isinstance(name, str) or not isinstance(content, bytes):
            raise BodyError("a part of the form has no name")
        file = part.get_filename()
        values[name] = Upload(file, content) if file else content.decode("utf-8", "replace")
    return values


def read_form(request: HttpRequest) -> dict[str, Any]:
    """Return the variables of a query or form; one that is repeated becomes a list."""
    text = request.query
    if request.content_type.startswith("multipart/form-data"):
        return read_parts(request)
    if request.method not in ("GET", "HEAD"):
        text = request.body.decode("utf-8", "replace")
    values: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        if name not in values:
            values[name] = value
        elif isinstance(values[name], list):
            values[name].append(value)
        else:
            values[name] = [values[name], value]
    return values


def unzipped(body: bytes) -> bytes:
    """Return *body* decompressed. Raises BodyError."""
    try:
        return gzip.decompress(body)
    except (OSError, EOFError, zlib.error) as error:
        raise BodyError(str(error)) from error


def load(body: bytes) -> dict[str, Any]:
    """Return the object in *body*. Raises BodyError."""
    try:
        content = json.loads(body)
    except ValueError as error:
        raise BodyError(f"ERROR : received invalid JSON : {error}") from error
    if not isinstance(content, dict):
        raise BodyError("argument after ** must be a mapping")
    return content


def write_legacy(content: Mapping[str, Any] | str, *, as_json: bool) -> HttpAnswer:
    """Return a legacy answer: text as it is, fields as JSON or url-encoded."""
    if isinstance(content, str):
        return HttpAnswer(200, TEXT, content.encode())
    if as_json:
        return HttpAnswer(200, JSON, json.dumps(content).encode())
    return HttpAnswer(200, TEXT, form(content).encode())


def form(content: Mapping[str, Any]) -> str:
    """Return *content* url-encoded; lists and objects in it travel as JSON."""
    return urlencode(
        {
            name: json.dumps(value) if isinstance(value, (list, dict)) else value
            for name, value in content.items()
        }
    )


def write_modern(envelope: Mapping[str, Any], *, as_json: bool) -> HttpAnswer:
    """Return an api/v1 answer; the real server calls even JSON text/plain."""
    text = json.dumps(envelope) if as_json else str(dict(envelope))
    return HttpAnswer(200, TEXT, text.encode())
