"""The network: names, connections, handshakes, and the bytes of each connection."""

from __future__ import annotations

import errno
import ipaddress
from typing import Any
from typing import Generator

from harness.desks.caller import Caller
from harness.desks.caller import Denied
from harness.desks.connections import Connection
from simkernel import NetError
from simkernel import Network

DNS_S = 0.002
HANDSHAKE_S = 0.01
NO_NAME = -1
"""The number by which the guest knows to raise gaierror."""


class Networks:
    """The desk of ``socket`` and ``ssl``."""

    def __init__(self, caller: Caller, network: Network) -> None:
        self._caller = caller
        self._network = network
        self._connections: dict[int, Connection] = {}
        self._count = 0

    def resolve(self, *, key: str, name: str) -> None:
        """Look a name up; a look-up takes one round trip to the node's name server."""
        self._caller.clock.process(self._resolve(key, name))

    def _resolve(self, key: str, name: str) -> Generator[Any, Any, None]:
        node = self._caller.node
        try:
            address = yield from node.points.around(
                f"net.{name}", ("resolve", node.name, name), lambda: self._look_up(name)
            )
        except NetError as error:
            if error.kind != "timeout":
                self._caller.post({"key": key, "error": [NO_NAME, error.text]})
        else:
            self._caller.post({"key": key, "result": address})

    def _look_up(self, name: str) -> Generator[Any, Any, str]:
        yield self._caller.clock.timeout(DNS_S)
        return self._network.resolve(name, who=self._caller.who)

    def connect(self, *, key: str, host: str, port: int, place: str) -> None:
        """Open a connection; an address outside the world is an escape."""
        if _is_address(host) and not self._network.knows(host):
            self._caller.place = place
            self._caller.escape("connect", f"{host}:{port}")
            raise Denied(errno.ENETUNREACH, "Network is unreachable")
        self._caller.clock.process(self._connect(key, host, port))

    def _connect(self, key: str, host: str, port: int) -> Generator[Any, Any, None]:
        try:
            service = yield from self._network.connect(
                self._caller.node.name, host, port, who=self._caller.who
            )
        except NetError as error:
            if error.kind != "timeout":
                number = NO_NAME if error.kind == "dns" else error.errno
                self._caller.post({"key": key, "error": [number, error.text]})
            return
        self._count += 1
        self._connections[self._count] = Connection(
            self._count,
            service,
            clock=self._caller.clock,
            network=self._network,
            host=self._network.name_of(host),
            port=port,
            source=self._caller.node.name,
            who=self._caller.who,
            post=self._caller.post,
        )
        self._caller.post({"key": key, "result": self._count})

    def tls(self, *, key: str, conn: int, server: str, shown: str, verify: bool) -> None:
        """Shake hands: one round trip, then the server has seen the credential."""
        self._caller.clock.process(self._tls(key, self._connections[conn], shown))

    def _tls(self, key: str, connection: Connection, shown: str) -> Generator[Any, Any, None]:
        yield self._caller.clock.timeout(HANDSHAKE_S)
        try:
            connection.greet(shown)
        except NetError as error:
            self._caller.post({"key": key, "error": [error.errno, error.text]})
        else:
            self._caller.post({"key": key, "result": None})

    def send(self, *, conn: int, data: str) -> None:
        """Take bytes of the pilot's for a connection that it may just have closed."""
        connection = self._connections.get(conn)
        if connection is not None:
            connection.feed(data.encode("latin-1"))

    def close(self, *, conn: int) -> None:
        """Close a connection: what is still under way for it is answered to nobody."""
        connection = self._connections.pop(conn, None)
        if connection is not None:
            connection.closed = True


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
