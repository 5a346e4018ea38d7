"""What is said on a connection of a pilot's: HTTP/1.1, which is h11's business.

A request takes its time over the network, then whatever listens answers, at once or piece by
piece, to the end or not. Not modelled: requests in a row without waiting (they are answered one
by one), what is no HTTP.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from typing import Callable
from typing import Generator
from typing import Protocol

import h11

from simkernel import Clock
from simkernel import NetError
from simkernel import Network
from simkernel import Request
from simkernel import Response
from simkernel.network import Service
from simkernel.tls import Hello

Work = Generator[Any, Any, Any]
Begin = Callable[[Work], None]

BODILESS = (204, 304)
FRAMING = ("content-length", "transfer-encoding", "connection")
PIECE_S = 1.0
"""How often a slow server sends a piece."""

# What httpd 2.4 says to whom it does not understand (modules/http/http_protocol.c).
NOT_UNDERSTOOD = "Your browser sent a request that this server could not understand."
PLAIN_TO_TLS = f"{NOT_UNDERSTOOD}<br />\nReason: You're speaking plain HTTP to an SSL-enabled port."


class Carrier(Protocol):
    """What carries the bytes of a conversation to the pilot."""

    closed: bool

    @property
    def hello(self) -> Hello | None:
        """What the pilot said in TLS, None without TLS."""

    def send(self, data: bytes, *, end: bool = False) -> None:
        """Send *data*, and end the stream properly if it is the *end*."""

    def cut(self, data: bytes, *, reset: bool) -> None:
        """Send *data* and end the stream as one whose server has died, or that was *reset*."""

    def fail(self, error: NetError) -> None:
        """Tell that the network failed."""


@dataclass(frozen=True, slots=True)
class Ends:
    """Who talks to whom: *host* and *port* of the service, the node *source*, the pilot *who*."""

    host: str
    port: int
    source: str
    who: str


class Conversation:
    """Requests and answers on one connection to *service*."""

    def __init__(
        self,
        service: Service,
        ends: Ends,
        carrier: Carrier,
        *,
        clock: Clock,
        network: Network,
        begin: Begin,
    ) -> None:
        self._service = service
        self._ends = ends
        self._carrier = carrier
        self._clock = clock
        self._network = network
        self._begin = begin
        self._http = h11.Connection(h11.SERVER)
        self._request: h11.Request | None = None
        self._body = b""
        self._began = 0.0
        self._count = 0
        self._busy = False
        self._last = False

    def take(self, data: bytes) -> None:
        """Take bytes of the pilot's, b"" for no more of them."""
        try:
            self._http.receive_data(data)
            self._pull()
        except h11.RemoteProtocolError:
            self._carrier.send(bad_request(NOT_UNDERSTOOD), end=True)

    def _pull(self) -> None:
        while True:
            event = self._http.next_event()
            if isinstance(event, h11.Request):
                self._request, self._body, self._began = event, b"", self._clock.now
                if self._http.they_are_waiting_for_100_continue:
                    go_on = h11.InformationalResponse(status_code=100, headers=[])
                    self._carrier.send(self._http.send(go_on) or b"")
            elif isinstance(event, h11.Data):
                self._body += bytes(event.data)
            elif isinstance(event, h11.EndOfMessage):
                self._count += 1
                self._busy = True
                self._begin(self._serve())
            else:
                self._last = isinstance(event, h11.ConnectionClosed)
                if self._last and not self._busy:
                    self._carrier.send(b"", end=True)
                return

    def _serve(self) -> Work:
        assert self._request is not None
        underway_s = self._clock.now - self._began
        try:
            response: Response = yield from self._network.exchange(
                self._service, self._as_request(self._request), underway_s=underway_s
            )
        except NetError as error:
            self._carrier.fail(error)
            return
        yield from self._answer(response)

    def _as_request(self, event: h11.Request) -> Request:
        hello = self._carrier.hello
        return Request(
            method=event.method.decode(),
            host=self._ends.host,
            port=self._ends.port,
            path=event.target.decode("latin-1"),
            headers=tuple((k.decode("latin-1"), v.decode("latin-1")) for k, v in event.headers),
            body=self._body,
            source=self._ends.source,
            who=self._ends.who,
            client=hello.chain if hello is not None else "",
            tls=hello is not None,
            hello=hello,
        )

    def _answer(self, response: Response) -> Work:
        kept = [(k, v) for k, v in response.headers if k.lower() not in FRAMING]
        length = ("Content-Length", str(len(response.body)))
        head = h11.Response(status_code=response.status, headers=[*kept, length])
        data = self._http.send(head) or b""
        # The server sends whole bodies; that it must not is only known to who speaks HTTP.
        bare = self._request_method() == b"HEAD" or response.status in BODILESS
        body = b"" if bare else response.body
        data += self._http.send(h11.Data(data=body)) or b""
        if response.cut:
            data = data[: len(data) - len(body) + len(response.sent)]
        if response.pace:
            data = yield from self._drip(data, response.pace)
        if response.cut:
            self._carrier.cut(data, reset=response.reset)
            return
        data += self._http.send(h11.EndOfMessage()) or b""
        self._busy = False
        done = self._last or self._http.our_state is h11.MUST_CLOSE
        self._carrier.send(data, end=done)
        if not done:
            self._http.start_next_cycle()
            self._clock.process(self._expire(self._count))
            self._pull()

    def _request_method(self) -> bytes:
        return self._request.method if self._request is not None else b""

    def _drip(self, data: bytes, pace: float) -> Generator[Any, Any, bytes]:
        """Send *data* at *pace* bytes a second, a piece each second; return the last one."""
        size = max(1, int(pace * PIECE_S))
        while len(data) > size and not self._carrier.closed:
            self._carrier.send(data[:size])
            data = data[size:]
            yield self._clock.timeout(PIECE_S)
        return data

    def _expire(self, count: int) -> Work:
        """End the connection when nothing was asked on it for too long."""
        yield self._clock.timeout(self._service.keep_s)
        if self._count == count and self._http.their_state is h11.IDLE:
            self._carrier.send(b"", end=True)


def bad_request(text: str) -> bytes:
    """Return the answer to what is no request."""
    body = f"<html><head><title>400 Bad Request</title></head><body>{text}</body></html>\n"
    head = f"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: {len(body)}\r\n"
    return f"{head}\r\n{body}".encode()
