"""The PanDA server on the simulated network: a WSGI application called at virtual time.

Every request and answer becomes an event here, whoever sent it, and the point
``server.<endpoint>`` stands between a request and its effect.
"""

from __future__ import annotations

import gzip
import io
import json
import zlib
from email.utils import formatdate
from typing import Any
from typing import Callable
from typing import Generator
from typing import Iterable
from urllib.parse import parse_qsl

from harness.events import HTTP_ANSWER
from harness.events import HTTP_LOST
from harness.events import HTTP_REQUEST
from simkernel import Clock
from simkernel import Journal
from simkernel import NetError
from simkernel import Points
from simkernel import Request
from simkernel import Response

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Identify = Callable[[str], dict[str, Any]]
TEXT_MAX = 2000
"""Characters of a text body that the journal keeps."""


class Front:
    """What listens on the server's ports: journal, fault point, application, in that order."""

    def __init__(
        self,
        application: Application,
        *,
        endpoint_of: Callable[[str, str], str | None],
        identify: Identify,
        clock: Clock,
        journal: Journal,
        points: Points,
    ) -> None:
        self._application = application
        self._endpoint_of = endpoint_of
        self._identify = identify
        self._clock = clock
        self._journal = journal
        self._points = points
        self._count = 0

    def handle(self, request: Request) -> Generator[Any, Any, Response]:
        """Serve *request*; the answer is journaled, or that it was lost."""
        self._count += 1
        number = self._count
        endpoint = self._endpoint_of(request.method, request.path) or ""
        self._note_request(number, endpoint, request)
        try:
            response: Response = yield from self._points.around(
                f"server.{endpoint or 'unknown'}", request, lambda: self._call(request)
            )
        except NetError as error:
            self._journal.emit(HTTP_LOST, who=request.who, id=number, why=error.kind)
            raise
        self._note_answer(number, request.who, response)
        return response

    def _note_request(self, number: int, endpoint: str, request: Request) -> None:
        self._journal.emit(
            HTTP_REQUEST,
            who=request.who,
            id=number,
            host=request.host,
            port=request.port,
            method=request.method,
            path=request.path,
            endpoint=endpoint,
            fields=decode(request.body),
            bytes=len(request.body),
            tls=request.tls,
        )

    def _note_answer(self, number: int, who: str, response: Response) -> None:
        self._journal.emit(
            HTTP_ANSWER,
            who=who,
            id=number,
            status=response.status,
            fields=decode(response.body),
            bytes=len(response.body),
        )

    def _call(self, request: Request) -> Generator[Any, Any, Response]:
        return call_wsgi(
            self._application,
            request,
            now=self._clock.wall(),
            identity=self._identify(request.client),
        )
        yield  # Taking no time, this is a generator like the faults around it.


def call_wsgi(
    application: Application, request: Request, *, now: float, identity: dict[str, Any]
) -> Response:
    """Call a WSGI *application* with *request* at POSIX time *now*."""
    path, _, query = request.path.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": request.host,
        "SERVER_PORT": str(request.port),
        "wsgi.url_scheme": "https" if request.tls else "http",
        "wsgi.input": io.BytesIO(request.body),
        "CONTENT_LENGTH": str(len(request.body)),
        "flightsim.now": now,
        "flightsim.who": request.who,
        **identity,
    }
    for name, value in request.headers:
        key = name.upper().replace("-", "_")
        environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
    started: list[Any] = []
    body = b"".join(application(environ, lambda *head: started.extend(head)))
    head = (("Date", formatdate(int(now), usegmt=True)), *started[1])
    return Response(int(started[0].split()[0]), head, body)


def decode(body: bytes) -> Any:
    """Return a body as a person would read it: JSON, form fields, or the start of a text."""
    if body[:2] == b"\x1f\x8b":
        try:
            body = gzip.decompress(body)
        except (OSError, zlib.error, EOFError):
            return {"unreadable": len(body)}
    text = body.decode("utf-8", "replace")
    if text[:1] in ("{", "["):
        try:
            return json.loads(text)
        except ValueError:
            return text[:TEXT_MAX]
    if "=" in text and "\n" not in text and "<" not in text:
        return dict(parse_qsl(text, keep_blank_values=True))
    return text[:TEXT_MAX]
