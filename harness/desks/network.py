"""The network: names, connections, handshakes, datagrams, and the bytes of each connection."""

from __future__ import annotations

import errno
from typing import Any
from typing import Generator

from harness.desks.caller import Caller
from harness.desks.caller import Denied
from harness.desks.connections import Connection
from harness.desks.conversations import Ends
from harness.desks.handshakes import fields_of
from harness.desks.handshakes import hello_of
from harness.events import GUEST_NOTE
from simkernel import NetError
from simkernel import Network
from simkernel.network import DNS_S
from simkernel.network import VerifyError

__all__ = ["DNS_S", "Networks"]

Work = Generator[Any, Any, None]


class Networks:
    """The desk of ``socket`` and ``ssl``."""

    def __init__(self, caller: Caller, network: Network) -> None:
        self._caller = caller
        self._network = network
        self._connections: dict[int, Connection | None] = {}
        self._anchors: dict[str, str] = {}

    # -- names

    def resolve(self, *, key: str, name: str) -> None:
        """Look a name up; a look-up takes one round trip to the node's name server."""
        work = self._network.look_up(self._caller.node.name, name, who=self._caller.who)
        self._caller.begin(self._answer(key, work))

    def reverse(self, *, key: str, address: str) -> None:
        """Look up whose an address is."""
        name = self._network.name_of(address)
        work = self._network.look_up(self._caller.node.name, name, who=self._caller.who)
        self._caller.begin(self._answer(key, work, result=name))

    def _answer(self, key: str, work: Generator[Any, Any, Any], *, result: str = "") -> Work:
        try:
            found = yield from work
        except NetError as error:
            self._caller.post({"key": key, "error": [error.errno, error.text]})
        else:
            self._caller.post({"key": key, "result": result or found})

    # -- connections

    def connect(self, *, conn: int, host: str, port: int, place: str) -> None:
        """Open a connection; an address outside the world is an escape."""
        if not self._reaches(host, port, place):
            self._fail(conn, errno.ENETUNREACH)
            return
        if not self._caller.node.spec.outbound:
            self._fail(conn, errno.ENETUNREACH)
            return
        self._connections[conn] = None
        self._caller.begin(self._connect(conn, host, port))

    def _reaches(self, host: str, port: int, place: str) -> bool:
        if self._network.knows(host):
            return True
        self._caller.place = place
        self._caller.escape("connect", f"{host}:{port}")
        return False

    def _fail(self, conn: int, number: int) -> None:
        self._caller.post({"key": f"conn-{conn}", "error": number})

    def _connect(self, conn: int, host: str, port: int) -> Work:
        node, who = self._caller.node.name, self._caller.who
        try:
            service = yield from self._network.connect(node, host, port, who=who)
        except NetError as error:
            if self._connections.pop(conn, self) is None:
                self._fail(conn, error.errno)
            return
        if conn not in self._connections:
            return
        connection = self._connections[conn] = Connection(
            conn,
            service,
            Ends(self._network.name_of(host), port, node, who),
            clock=self._caller.clock,
            network=self._network,
            post=self._caller.post,
            begin=self._caller.begin,
            anchors=self._anchors,
        )
        connection.open(self._source_of(host))

    def _source_of(self, host: str) -> str:
        """Return the node's own address of the kind that *host* is."""
        name = self._caller.node.name
        own = self._network.addresses(name, who=self._caller.who)
        found = [each for each in own if (":" in each) == (":" in host)]
        return found[0] if found else self._network.add_address(name)

    def send(self, *, conn: int, data: str) -> None:
        """Take bytes of the pilot's for a connection that it may just have closed."""
        connection = self._connections.get(conn)
        if connection is not None:
            connection.feed(data.encode("latin-1"))

    def shut(self, *, conn: int) -> None:
        """The pilot sends nothing more."""
        connection = self._connections.get(conn)
        if connection is not None:
            connection.shut()

    def close(self, *, conn: int) -> None:
        """Close a connection: what is still under way for it is answered to nobody."""
        connection = self._connections.pop(conn, None)
        if connection is not None:
            connection.leave()

    # -- datagrams

    def datagram(self, *, host: str, port: int, size: int, place: str) -> None:
        """Note that a pilot sends datagrams to a host of the world: nothing comes of them.

        Raises Denied for an address outside the world, which is an escape.
        """
        if not self._reaches(host, port, place):
            raise Denied(errno.ENETUNREACH, "Network is unreachable")
        self._caller.journal.emit(
            GUEST_NOTE,
            who=self._caller.who,
            kind="datagram",
            text=f"{self._network.name_of(host)} port {port}: {size} bytes, the first of many",
            place=place,
        )

    # -- certificates

    def trust(self, *, name: str, text: str) -> None:
        """Remember the text of trust anchors by its name."""
        self._anchors[name] = text

    def judge(self, *, chain: str, hello: dict[str, Any]) -> dict[str, Any]:
        """Return what a pilot makes of a server inside the pilot that shows *chain*."""
        try:
            greeting = self._network.judge(hello_of(hello, self._anchors), chain)
        except VerifyError as error:
            raise Denied(error.code, error.message) from None
        return fields_of(greeting, protocol=None)
