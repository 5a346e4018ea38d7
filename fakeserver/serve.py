"""The server in real life: the application bound to a port, requests as they come.

This is the only module of the server that knows sockets, threads and the time of day. Plain
http; one lock around the model, so requests take effect one after another. Only loopback
addresses, unless told otherwise: the server hands out credentials and lets anybody in.
"""

from __future__ import annotations

import argparse
import contextlib
import ipaddress
import json
import threading
import time
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from random import Random
from typing import IO
from typing import Any
from typing import Callable
from typing import Mapping
from typing import Sequence

from fakeserver.application import read_caller
from fakeserver.application import read_request
from fakeserver.application import respond
from fakeserver.jobs import spec_from
from fakeserver.server import PandaServer
from fakeserver.wire import HttpAnswer
from simkernel import Journal
from simkernel import ScenarioError

POLL_S = 0.2
BODY_BYTES_MAX = 64 * 1024 * 1024


class Serving:
    """A server that runs; *url* is where."""

    def __init__(self, http: ThreadingHTTPServer) -> None:
        self._http = http
        host, port = http.server_address[:2]
        shown = f"[{host!s}]" if ":" in str(host) else str(host)
        self.host, self.port = str(host), int(port)
        self.url = f"http://{shown}:{port}"

    def stop(self) -> None:
        """Make ``serve`` return; to be called from another thread."""
        self._http.shutdown()


def live_server(*, stream: IO[str] | None = None, seed: int = 1) -> PandaServer:
    """Return a server that goes by the time of day and journals to *stream*."""
    begun = time.time()  # noqa: TID251 - live, the time of day is the clock
    journal = Journal(lambda: time.time() - begun, stream=stream)  # noqa: TID251
    journal.open({"live": True, "seed": seed})
    return PandaServer(time.time, journal, rng=Random(f"{seed}/server"))  # noqa: TID251


def serve(
    server: PandaServer,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    on_ready: Callable[[Serving], None] | None = None,
    remote: bool = False,
) -> None:
    """Answer requests until stopped; *port* 0 takes a free one.

    *on_ready* is called with the running server before the first request. Raises ScenarioError for
    a host that is not loopback, unless *remote*.
    """
    check_host(host, remote=remote)
    lock = threading.Lock()
    http = _HttpServer((host, port), _handler(server, lock))
    http.reap = lambda: _reap(server, lock)
    with http:
        if on_ready is not None:
            on_ready(Serving(http))
        http.serve_forever(poll_interval=POLL_S)


def main(arguments: Sequence[str]) -> int:
    """Serve from the command line until interrupted and return an exit code."""
    options = _options().parse_args(arguments)
    stream = open(options.journal, "w", buffering=1) if options.journal else None  # noqa: SIM115
    with contextlib.ExitStack() as stack:
        if stream is not None:
            stack.enter_context(stream)
        server = live_server(stream=stream, seed=options.seed)
        for path in options.world:
            fill(server, json.loads(Path(path).read_text(encoding="utf-8")))
        try:
            serve(
                server,
                host=options.host,
                port=options.port,
                remote=options.remote,
                on_ready=lambda serving: print(serving.url, flush=True),
            )
        except KeyboardInterrupt:
            return 130
    return 0


def fill(server: PandaServer, world: Mapping[str, Any]) -> None:
    """Fill *server* from plain tables: ``queues``, ``endpoints``, ``transforms``, ``jobs``."""
    server.queues |= world.get("queues", {})
    server.endpoints |= world.get("endpoints", {})
    server.transforms |= world.get("transforms", {})
    for each in world.get("jobs", ()):
        server.define_job(spec_from(each))


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="flightsim serve", description=main.__doc__)
    parser.add_argument("world", nargs="*", help="JSON files with queues, endpoints, jobs")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=25080, help="0 takes a free one")
    parser.add_argument("--journal", help="file to write the events to")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--remote", action="store_true", help="allow a host that is not loopback")
    return parser


def check_host(host: str, *, remote: bool) -> None:
    """Raise ScenarioError unless *host* is a loopback address or name, or *remote* is meant."""
    loopback = host == "localhost"
    with contextlib.suppress(ValueError):
        loopback = loopback or ipaddress.ip_address(host).is_loopback
    if not loopback and not remote:
        raise ScenarioError(
            f"{host} is not a loopback address",
            where="serve",
            remedy="this server lets anybody in; say that you mean it",
        )


def _reap(server: PandaServer, lock: threading.Lock) -> None:
    with lock:
        server.reap(server.now())


class _HttpServer(ThreadingHTTPServer):
    daemon_threads = True
    reap: Callable[[], None]

    def service_actions(self) -> None:
        super().service_actions()
        self.reap()


def _handler(server: PandaServer, lock: threading.Lock) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # With Nagle's algorithm headers and body wait 40 ms for each other; one write has neither.
        disable_nagle_algorithm = True
        wbufsize = -1
        timeout = 60

        def answer(self) -> None:
            length = self.headers.get("Content-Length", "0")
            chunked = "Transfer-Encoding" in self.headers
            if chunked or not length.isdigit() or int(length) > BODY_BYTES_MAX:
                self.close_connection = True
                self.reply(HttpAnswer(411, "text/plain", b"a length is required"))
                return
            environ = self.environ(self.rfile.read(int(length)))
            with lock:
                answer = respond(server, read_request(environ), caller=read_caller(server, environ))
            self.reply(answer)

        do_GET = do_POST = do_PUT = do_HEAD = answer

        def environ(self, body: bytes) -> dict[str, Any]:
            path, _, query = self.path.partition("?")
            return {
                "REQUEST_METHOD": self.command,
                "PATH_INFO": path,
                "QUERY_STRING": query,
                "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                "CONTENT_LENGTH": str(len(body)),
                "HTTP_ACCEPT": self.headers.get("Accept", ""),
                "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
                "flightsim.who": f"client-{self.client_address[0]}",
                "wsgi.input": BytesIO(body),
            }

        def reply(self, answer: HttpAnswer) -> None:
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.kind)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer.body)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing on stderr: the journal has it."""

    return Handler
