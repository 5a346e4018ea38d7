"""Ports: cheroot around a WSGI application, plain or with TLS.

cheroot (https://cheroot.cherrypy.dev) reads and writes HTTP and has the threads; here is only
what it lacks: handshakes in the connection's own thread, who the client is, and ways to treat a
client badly on purpose.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from typing import TYPE_CHECKING
from typing import Any
from typing import Callable

from cheroot import wsgi
from cheroot.server import HTTPConnection

from fakeserver.live.tls import TlsAdapter
from fakeserver.live.tls import environ_of
from fakeserver.live.tls import say_farewell
from fakeserver.live.trust import Trust

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

THREADS = 10
THREADS_MAX = 200
"""With a thread for each client that a fault keeps waiting."""
IDLE_S = 120
HANDSHAKE_S = 10
BACKLOG = 256
HEADER_BYTES_MAX = 64 * 1024
BODY_BYTES_MAX = 64 * 1024 * 1024
CONNECTIONS_MAX = 2000
POLL_S = 0.2
"""How often the accepting thread looks for idle connections, and whether to stop."""

Refused = Callable[[str, str], None]
"""Called with the client's address and the reason when a handshake fails."""


class Connection(HTTPConnection):
    """One connection; with TLS it begins with a handshake, here and not where it was accepted."""

    server: Web
    spoke = False
    greeted = False

    def communicate(self) -> bool:
        """Serve one request and tell whether the connection stays open."""
        if not self.greeted and not self._greet():
            return False
        return bool(super().communicate())  # type: ignore[no-untyped-call]

    def _greet(self) -> bool:
        self.greeted = True
        if self.server.trust is None:
            return True
        try:
            self.socket.settimeout(HANDSHAKE_S)
            self.socket.do_handshake()
            self.socket.settimeout(self.server.timeout)
            self.ssl_env = environ_of(self.socket, self.server.trust, now=self.server.now())
        except OSError as error:
            self.server.on_refused(str(self.remote_addr), reason_of(error))
            say_farewell(self.socket)
            return False
        return True


def reason_of(error: OSError) -> str:
    """Return why a handshake failed, without OpenSSL's file and line."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"certificate verify failed: {error.verify_message}"
    if isinstance(error, ssl.SSLError) and error.reason:
        return error.reason.lower().replace("_", " ")
    return error.strerror or str(error) or type(error).__name__


class Gateway(wsgi.Gateway_10):
    """The bridge to the application, which finds its client in the environ."""

    def get_environ(self) -> dict[str, Any]:  # type: ignore[override]
        """Return the environ with ``flightsim.client``."""
        environ: dict[str, Any] = super().get_environ()  # type: ignore[no-untyped-call]
        environ["flightsim.client"] = Client(self.req)
        return environ


class Client:
    """The client of one request, as far as faults go."""

    def __init__(self, request: Any) -> None:
        self._request = request

    def drop(self) -> None:
        """Close the connection: whatever is answered goes nowhere."""
        self._request.close_connection = True
        # On the socket itself, below TLS: a connection that breaks says no goodbye.
        with contextlib.suppress(OSError):
            socket.socket.shutdown(self._request.conn.socket, socket.SHUT_RDWR)

    def hold(self, seconds: float) -> None:
        """Keep the client waiting, but nobody else; a server that stops waits no longer."""
        web: Web = self._request.server
        web.requests.grow(1)
        try:
            web.stopping.wait(seconds)
        finally:
            web.requests.shrink(1)


class Web(wsgi.Server):
    """One port; with *trust* it speaks TLS in the given *context*."""

    ConnectionClass = Connection
    keep_alive_conn_limit = CONNECTIONS_MAX
    max_request_header_size = HEADER_BYTES_MAX
    max_request_body_size = BODY_BYTES_MAX
    expiration_interval = POLL_S

    def __init__(
        self,
        address: tuple[str, int],
        application: WSGIApplication,
        *,
        now: Callable[[], float],
        on_refused: Refused = lambda _address, _reason: None,
        on_error: Callable[[str], None] = lambda _text: None,
        context: ssl.SSLContext | None = None,
        trust: Trust | None = None,
    ) -> None:
        """Bind to *address* at once. Raises OSError if that is not to be had."""
        super().__init__(
            address,
            application,
            numthreads=THREADS,
            max=THREADS_MAX,
            request_queue_size=BACKLOG,
            timeout=IDLE_S,
            server_name="flightsim",
        )
        assert (context is None) == (trust is None)
        self.gateway = Gateway
        self.ssl_adapter = None if context is None else TlsAdapter(context)
        self.trust = trust
        self.now = now
        self.on_refused = on_refused
        self._on_error = on_error
        self.stopping = threading.Event()
        self.prepare()
        self._thread = threading.Thread(target=self.serve, name="accept", daemon=True)

    @property
    def url(self) -> str:
        """Return where the server is."""
        host, port = self.bind_addr
        shown = f"[{host}]" if ":" in host else host
        return f"{'http' if self.trust is None else 'https'}://{shown}:{port}"

    @property
    def port(self) -> int:
        """Return the port."""
        return int(self.bind_addr[1])

    def run(self) -> None:
        """Serve from now on, in threads of its own."""
        self._thread.start()

    def process_conn(self, conn: Connection) -> None:
        """Give a connection a thread, but not before the client has said anything.

        cheroot gives one to each new connection, so that ten idle ones (browsers open such in
        advance) keep everybody else waiting.
        """
        if conn.spoke:
            super().process_conn(conn)
        else:
            conn.spoke = True
            self.put_conn(conn)

    def stop(self) -> None:
        """Stop when the requests under way are answered."""
        self.stopping.set()
        super().stop()
        if self._thread.ident is not None:
            self._thread.join()

    def error_log(self, msg: str = "", level: int = 20, traceback: bool = False) -> None:
        """Pass on what cheroot has to say, if it is more than that a client has gone."""
        if traceback or level >= 40:
            import traceback as traces

            self._on_error(f"{msg}\n{traces.format_exc()}" if traceback else msg)
