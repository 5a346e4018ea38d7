"""Ways from a pilot in the host to the server's application: a call, or ``responses``."""

from __future__ import annotations

import io
import re
from typing import Any
from urllib.parse import urlsplit

from fakeserver.application import Caller
from fakeserver.application import application
from fakeserver.application import respond
from fakeserver.identity import Identity
from fakeserver.server import PandaServer
from fakeserver.wire import HttpRequest
from pilotcore.platform import HttpFailure
from pilotcore.platform import Request
from pilotcore.platform import Response

ANYWHERE = re.compile(r"https?://.*")
WHO = Identity("/DC=sim/CN=pilots", ("/atlas/Role=production",))


class Direct:
    """Calls the application's own function; files of the cache are read once.

    *agent* is what the pilot calls itself.
    """

    def __init__(self, server: PandaServer, *, agent: str) -> None:
        self._server = server
        self._agent = agent
        self._files: dict[str, Response] = {}
        self.requests = 0

    def __call__(self, who: str, request: Request) -> Response:
        """Answer *request* of the pilot *who*."""
        self.requests += 1
        if request.method == "GET" and request.url in self._files:
            return self._files[request.url]
        parts = urlsplit(request.url)
        headers = request.headers
        asked = HttpRequest(
            method=request.method,
            path=parts.path,
            query=parts.query,
            content_type=headers.get("Content-Type", ""),
            content_encoding=headers.get("Content-Encoding", ""),
            accept=headers.get("Accept", ""),
            body=request.body,
        )
        server = self._server
        caller = Caller(who, WHO, server.now(), self._agent)
        said = respond(server, asked, caller=caller)
        answer = Response(said.status, said.body)
        if request.method == "GET" and said.status == 200 and not request.private:
            self._files[request.url] = answer
        return answer


class Responses:
    """Goes through ``requests``, whose adapter ``responses`` replaces by the WSGI application.

    Use it as a context manager: what it replaces is the library's, for the whole process.
    """

    def __init__(self, server: PandaServer, *, agent: str) -> None:
        import requests
        import responses

        self._server = server
        self._agent = agent
        self._application = application(server)
        self._who = ""
        self._mock = responses.RequestsMock(assert_all_requests_are_fired=False)
        self._session = requests.Session()
        self._failures = requests.RequestException
        self.requests = 0

    def __enter__(self) -> Responses:
        self._mock.start()
        for method in ("GET", "POST"):
            self._mock.add_callback(method, ANYWHERE, callback=self._call)
        return self

    def __exit__(self, *_: object) -> None:
        self._mock.stop(allow_assert=False)
        self._mock.reset()

    def __call__(self, who: str, request: Request) -> Response:
        """Answer *request* of the pilot *who*. Raises HttpFailure."""
        self.requests += 1
        self._who = who
        try:
            answer = self._session.request(
                request.method,
                request.url,
                data=request.body or None,
                headers={"User-Agent": self._agent, **request.headers},
                timeout=request.timeout_s,
            )
        except self._failures as error:
            raise HttpFailure(f"{type(error).__name__}: {error}", reached=False) from error
        # What was asked is kept by the mock for those who check it: here for nobody.
        self._mock.calls.reset()
        return Response(answer.status_code, answer.content)

    def _call(self, prepared: Any) -> tuple[int, dict[str, str], bytes]:
        """Call the application as a web server would."""
        parts = urlsplit(prepared.url)
        body = prepared.body or b""
        body = body.encode() if isinstance(body, str) else body
        environ: dict[str, Any] = {
            "REQUEST_METHOD": prepared.method,
            "PATH_INFO": parts.path,
            "QUERY_STRING": parts.query,
            "CONTENT_TYPE": prepared.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
            "flightsim.now": self._server.now(),
            "flightsim.who": self._who,
            "flightsim.fqans": WHO.fqans,
            "SSL_CLIENT_S_DN": WHO.dn,
        }
        for name, value in prepared.headers.items():
            environ[f"HTTP_{name.upper().replace('-', '_')}"] = value
        head: list[Any] = []
        said = b"".join(self._application(environ, lambda *started: head.extend(started)))  # type: ignore[arg-type]
        return int(head[0].split()[0]), dict(head[1]), said
