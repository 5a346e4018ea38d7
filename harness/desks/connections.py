"""Connections of guests: bytes on one side, requests and answers of the world on the other.

HTTP/1.1 is h11's business. A request takes its time over the network, then whatever listens
answers; a failure of the network becomes the errno that the pilot's socket would raise.
"""

from __future__ import annotations

import errno
from typing import Any
from typing import Callable
from typing import Generator

import h11

from simkernel import Clock
from simkernel import NetError
from simkernel import Network
from simkernel import Request
from simkernel import Response
from simkernel.network import Service

Post = Callable[[dict[str, Any]], None]


class Connection:
    """One stream from a pilot to a service; *post* sends items to the guest."""

    def __init__(
        self,
        number: int,
        service: Service,
        *,
        clock: Clock,
        network: Network,
        host: str,
        port: int,
        source: str,
        who: str,
        post: Post,
    ) -> None:
        self.number = number
        self.service = service
        self.host = host
        self.port = port
        self.client = ""
        self.tls = False
        self.closed = False
        self._clock = clock
        self._network = network
        self._source = source
        self._who = who
        self._post = post
        self._http = h11.Connection(h11.SERVER)
        self._request: h11.Request | None = None
        self._body = b""

    def greet(self, client: str) -> None:
        """Shake hands with TLS, showing *client*'s credential; raises NetError when refused."""
        if self.service.greet is None:
            raise NetError("tls", "[SSL: WRONG_VERSION_NUMBER] wrong version number")
        self.service.greet(client)
        self.client = client
        self.tls = True

    def feed(self, data: bytes) -> None:
        """Take bytes of the pilot's; each complete request is answered in its own time."""
        if self.tls is False and self.service.greet is not None:
            self._fail("reset", "plain text to a TLS port")
            return
        try:
            self._http.receive_data(data)
            self._pull()
        except h11.RemoteProtocolError as error:
            self._fail("reset", str(error))

    def _pull(self) -> None:
        while True:
            event = self._http.next_event()
            if isinstance(event, h11.Request):
                self._request, self._body = event, b""
                if self._http.they_are_waiting_for_100_continue:
                    self._send(
                        self._http.send(h11.InformationalResponse(status_code=100, headers=[]))
                    )
            elif isinstance(event, h11.Data):
                self._body += bytes(event.data)
            elif isinstance(event, h11.EndOfMessage):
                self._clock.process(self._serve())
            else:
                return

    def _serve(self) -> Generator[Any, Any, None]:
        assert self._request is not None
        request = self._as_request(self._request)
        try:
            response = yield from self._network.exchange(self.service, request)
        except NetError as error:
            self._fail(error.kind, error.text)
            return
        if not self.closed:
            self._answer(response)

    def _as_request(self, event: h11.Request) -> Request:
        return Request(
            method=event.method.decode(),
            host=self.host,
            port=self.port,
            path=event.target.decode("latin-1"),
            headers=tuple((k.decode("latin-1"), v.decode("latin-1")) for k, v in event.headers),
            body=self._body,
            source=self._source,
            who=self._who,
            client=self.client,
            tls=self.tls,
        )

    def _answer(self, response: Response) -> None:
        kept = [(k, v) for k, v in response.headers if k.lower() not in FRAMING]
        length = ("Content-Length", str(len(response.body)))
        head = h11.Response(status_code=response.status, headers=[*kept, length])
        data = self._http.send(head) or b""
        if response.cut:
            self._send(data + response.body[: len(response.body) // 2], end=True)
            return
        data += self._http.send(h11.Data(data=response.body)) or b""
        data += self._http.send(h11.EndOfMessage()) or b""
        done = self._http.our_state is h11.MUST_CLOSE
        self._send(data, end=done)
        if not done:
            self._http.start_next_cycle()
            self._pull()

    def _send(self, data: bytes | None, *, end: bool = False) -> None:
        item = {"key": f"conn-{self.number}", "data": (data or b"").decode("latin-1")}
        self._post({**item, "end": True} if end else item)

    def _fail(self, kind: str, text: str) -> None:
        number = NetError.ERRNO.get(kind, errno.ECONNRESET)
        if kind == "timeout":
            return  # Nothing ever comes; the pilot's own time-out has to notice.
        self._post({"key": f"conn-{self.number}", "error": [number, text]})


FRAMING = ("content-length", "transfer-encoding", "connection")
