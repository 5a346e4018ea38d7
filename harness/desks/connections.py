"""Connections of guests: what carries the bytes of a conversation, with TLS or without.

A connection is opened, fed, and posts items to its guest (guest/network/connection.py says which)
until one side leaves. A failure of the network becomes the errno that the pilot's socket raises.
"""

from __future__ import annotations

import math
from typing import Any
from typing import Callable
from typing import Generator

from guest import records
from harness.desks.conversations import NOT_UNDERSTOOD
from harness.desks.conversations import PLAIN_TO_TLS
from harness.desks.conversations import Begin
from harness.desks.conversations import Conversation
from harness.desks.conversations import Ends
from harness.desks.conversations import bad_request
from harness.desks.handshakes import answer_to
from harness.desks.handshakes import hello_of
from simkernel import Clock
from simkernel import NetError
from simkernel import Network
from simkernel import Request
from simkernel.network import Service
from simkernel.tls import Hello

Post = Callable[[dict[str, Any]], None]

HANDSHAKE_S = 0.01


class Connection:
    """One stream from a pilot to a service; *post* sends items to the guest.

    *begin* lets what takes time go on, and counts it as under way; *anchors* are the texts of
    trust anchors that the guest has told of, by name.
    """

    def __init__(
        self,
        number: int,
        service: Service,
        ends: Ends,
        *,
        clock: Clock,
        network: Network,
        post: Post,
        begin: Begin,
        anchors: dict[str, str],
    ) -> None:
        self.closed = False
        self.hello: Hello | None = None
        self._key = f"conn-{number}"
        self._service = service
        self._ends = ends
        self._clock = clock
        self._network = network
        self._post = post
        self._begin = begin
        self._anchors = anchors
        self._records = None if service.greet is None else records.Reader()
        self._spoken = False
        self._talk = Conversation(service, ends, self, clock=clock, network=network, begin=begin)

    def open(self, address: str) -> None:
        """Open it at the guest, whose own *address* is that."""
        link = self._network.path(self._ends.source, self._ends.host)
        rate = min(link.bandwidth, self._service.reads)
        known = None if rate == math.inf else rate
        self._post({"key": self._key, "open": [known, 2 * link.latency_s, address]})

    # -- what the pilot does

    def feed(self, data: bytes) -> None:
        """Take bytes of the pilot's."""
        if self.closed:
            return
        if not self._service.reads:
            self._stall()
            return
        if not self._spoken and data[0] in records.KINDS and self._records is None:
            self._leave(bad_request(NOT_UNDERSTOOD))
            return
        self._spoken = True
        if self._records is None:
            self._talk.take(data)
        else:
            self._open_records(self._records, data)

    def _stall(self) -> None:
        """Nobody reads what is sent: wait with the first byte of it for the kernel to give up."""
        if not self._spoken:
            self._spoken = True
            self._begin(self._give_up())

    def _give_up(self) -> Generator[Any, Any, None]:
        nothing = Request("", self._ends.host, self._ends.port, "")
        try:
            yield from self._service.handle(nothing)
        except NetError as error:
            self.fail(error)

    def shut(self) -> None:
        """The pilot sends nothing more; what it has asked for is still answered."""
        if not self.closed:
            self._talk.take(b"")

    def leave(self) -> None:
        """The pilot has closed it: nothing more reaches it."""
        self.closed = True

    def _open_records(self, reader: records.Reader, data: bytes) -> None:
        reader.feed(data)
        try:
            while not self.closed and (found := reader.next()) is not None:
                self._take_record(*found)
        except records.NotTls:
            self._leave(bad_request(PLAIN_TO_TLS))

    def _take_record(self, kind: int, content: bytes) -> None:
        if kind == records.HANDSHAKE:
            self._begin(self._greet(records.fields_of(content)))
        elif kind == records.ALERT:
            self._leave(records.alert(records.CLOSE))
        elif self.hello is not None:
            self._talk.take(content)

    def _greet(self, fields: dict[str, Any]) -> Generator[Any, Any, None]:
        """Shake hands: one round trip, then either side has seen what the other shows."""
        yield self._clock.timeout(HANDSHAKE_S)
        assert self._service.greet is not None
        hello = hello_of(fields, self._anchors)
        try:
            answer, over = answer_to(self._service.greet, hello, offered=tuple(fields["protocols"]))
        except NetError as error:
            self.fail(error)
            return
        if self.closed:
            return
        self.hello = hello
        if over:
            ends = self._ends
            self._network.tell_failed(ends.host, ends.port, who=ends.who, why="handshake")
            self._leave(answer)
        else:
            self._post_data(answer)

    # -- what the conversation does

    def send(self, data: bytes, *, end: bool = False) -> None:
        """Send *data*, and end the stream properly if it is the *end*."""
        if self.closed:
            return
        if self._records is not None:
            data = records.record(records.DATA, data) if data else b""
            data += records.alert(records.CLOSE) if end else b""
        if end:
            self._leave(data)
        else:
            self._post_data(data)

    def cut(self, data: bytes, *, reset: bool) -> None:
        """Send *data* and end the stream as one whose server has died, or that was *reset*."""
        if self.closed:
            return
        sealed = data if self._records is None else records.record(records.DATA, data)
        if reset:
            self._post_data(sealed)
            self.fail(NetError("reset", "Connection reset by peer"))
        else:
            self._leave(sealed)

    def fail(self, error: NetError) -> None:
        """Tell the pilot that the network failed."""
        if self.closed:
            return
        if error.kind == "closed":
            self._leave(b"")
            return
        self.closed = True
        self._post({"key": self._key, "error": error.errno})

    def _leave(self, data: bytes) -> None:
        self.closed = True
        self._post({"key": self._key, "data": data.decode("latin-1"), "end": True})

    def _post_data(self, data: bytes) -> None:
        if data:
            self._post({"key": self._key, "data": data.decode("latin-1")})
