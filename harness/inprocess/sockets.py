"""Sockets of a pilot inside the host: the streams of harness/desks, without a guest between.

What http.client and live_connect need of a socket, of its module and of an SSL context, on a
strand that waits. Handshakes and errors are those that a guest's ``ssl`` makes of the same
records (guest/network/tls).
"""

from __future__ import annotations

import io
import os
import socket
from importlib import import_module
from pathlib import Path
from typing import Any
from typing import Callable
from typing import Generator

from guest import records
from harness.desks.connections import Connection
from harness.desks.conversations import Ends
from harness.inprocess.hub import Flag
from harness.inprocess.hub import Hub
from simkernel import Clock
from simkernel import NetError
from simkernel import Network
from simkernel.tls import DEFAULT_ANCHORS

# The guest is written without types.
errors: Any = import_module("guest.network.tls.errors")
CERTIFICATE, KEY = "CERTIFICATE-----", "PRIVATE KEY-----"
Begin = Callable[[Generator[Any, Any, None]], Any]


class Net:
    """What live_connect uses of the module socket, on one node for one pilot."""

    def __init__(self, hub: Hub, network: Network, *, node: str, who: str) -> None:
        self.hub = hub
        self.network = network
        self.node = node
        self.who = who
        self.count = 0

    @property
    def clock(self) -> Clock:
        """The world's clock."""
        return self.hub.clock

    def getaddrinfo(self, host: str, port: int, type: int = 0) -> list[Any]:
        """Look a name up. Raises socket.gaierror."""
        addresses = self.wait(lambda: self.network.look_up(self.node, host, who=self.who))
        return [
            (socket.AF_INET6, type, 6, "", (each, port, 0, 0))
            if ":" in each
            else (socket.AF_INET, type, 6, "", (each, port))
            for each in addresses
        ]

    def socket(self, family: int, kind: int, protocol: int) -> Stream:  # noqa: ARG002
        """Return a new socket."""
        return Stream(self)

    def begin(self, work: Generator[Any, Any, None]) -> None:
        """Let *work* go on by itself."""
        self.clock.process(work)

    def wait(self, work: Callable[[], Generator[Any, Any, Any]]) -> Any:
        """Wait for the end of *work*. Raises socket.gaierror for a name that has no address."""
        done, results = Flag(self.hub), []

        def run() -> Generator[Any, Any, None]:
            try:
                results.append((yield from work()))
            except NetError as error:
                results.append(socket.gaierror(error.errno, error.text))
            done.set()

        self.begin(run())
        done.wait()
        if isinstance(results[0], BaseException):
            raise results[0]
        return results[0]


class Stream:
    """One connection to the world."""

    def __init__(self, net: Net) -> None:
        self._net = net
        self._timeout: float | None = None
        self._changed = Flag(net.hub)
        self._data = bytearray()
        self._ended = False
        self._error = 0
        self._open = False
        self._connection: Connection | None = None

    def settimeout(self, timeout: float | None) -> None:
        """Let each wait take *timeout* seconds at most."""
        self._timeout = timeout

    def setsockopt(self, *_: Any) -> None:
        """Take an option, which has no effect."""

    def connect(self, address: tuple[Any, ...]) -> None:
        """Connect. Raises OSError, TimeoutError."""
        self._net.begin(self._connect(str(address[0]), int(address[1])))
        self._await(lambda: self._open)

    def _connect(self, host: str, port: int) -> Generator[Any, Any, None]:
        net = self._net
        try:
            service = yield from net.network.connect(net.node, host, port, who=net.who)
        except NetError as error:
            self._take({"error": error.errno})
            return
        if self._ended:
            return
        net.count += 1
        self._connection = Connection(
            net.count,
            service,
            Ends(net.network.name_of(host), port, net.node, net.who),
            clock=net.clock,
            network=net.network,
            post=self._take,
            begin=net.begin,
            anchors={},
        )
        self._connection.open("")

    def _take(self, item: dict[str, Any]) -> None:
        self._open = self._open or "open" in item
        self._data += item.get("data", "").encode("latin-1")
        self._ended = self._ended or bool(item.get("end"))
        self._error = self._error or item.get("error", 0)
        self._changed.set()

    def _await(self, there: Callable[[], bool]) -> None:
        """Wait until *there* is something or the stream has ended. Raises OSError."""
        clock = self._net.clock
        deadline = None if self._timeout is None else clock.now + self._timeout
        while not there() and not self._ended:
            if self._error:
                raise OSError(self._error, os.strerror(self._error))
            self._changed.clear()
            left = None if deadline is None else deadline - clock.now
            if not self._changed.wait(left) and not there():
                raise TimeoutError("timed out")

    def sendall(self, data: bytes) -> None:
        """Send *data*."""
        if self._connection is not None and not self._ended:
            self._connection.feed(bytes(data))

    def recv(self, count: int) -> bytes:
        """Return what has come, b"" at the end. Raises OSError, TimeoutError."""
        self._await(lambda: bool(self._data))
        data = bytes(self._data[:count])
        del self._data[:count]
        return data

    def makefile(self, mode: str = "rb", *_: Any, **__: Any) -> io.BufferedReader:  # noqa: ARG002
        """Return a file to read from."""
        return io.BufferedReader(Incoming(self))

    def close(self) -> None:
        """Leave; what is still under way is answered to nobody."""
        self._ended = True
        if self._connection is not None:
            self._connection.leave()


class Incoming(io.RawIOBase):
    """What is read of a stream."""

    def __init__(self, source: Stream | Secure) -> None:
        self._source = source

    def readable(self) -> bool:
        """Tell that it is for reading."""
        return True

    def readinto(self, target: Any) -> int:
        """Fill *target* with what has come; 0 at the end."""
        data = self._source.recv(len(target))
        target[: len(data)] = data
        return len(data)


class Context:
    """What the pilot shows and trusts: an SSL context as far as live_http uses one."""

    def __init__(
        self, path: Callable[[str], Path], *, cafile: str | None, capath: str | None
    ) -> None:
        self._chain = ""
        self._anchors = [] if cafile or capath else [DEFAULT_ANCHORS]
        if cafile:
            self._anchors.append(path(cafile).read_text(encoding="utf-8"))
        if capath:
            self._add_folder(path(capath))

    def _add_folder(self, folder: Path) -> None:
        there = sorted(folder.iterdir()) if folder.is_dir() else []
        texts = [each.read_text(encoding="utf-8") for each in there if each.is_file()]
        found = "".join(text for text in texts if CERTIFICATE in text)
        if found:
            self._anchors.append(found)

    def load_cert_chain(self, path: Path) -> None:
        """Read what is shown. Raises OSError, ssl.SSLError."""
        try:
            text = path.read_text(encoding="utf-8", errors="surrogateescape")
        except OSError as error:
            raise OSError(error.errno, os.strerror(error.errno or 0)) from None
        if CERTIFICATE not in text:
            raise errors.no_certificate("chain")
        if KEY not in text:
            raise errors.no_certificate("key")
        self._chain = text

    def wrap_socket(self, plain: Stream, *, server_hostname: str) -> Secure:
        """Shake hands over *plain*. Raises ssl.SSLError."""
        blocks = self._chain.split("-----BEGIN ")
        shown = "".join(f"-----BEGIN {each}" for each in blocks if each.startswith("CERTIFICATE"))
        hello = {
            "name": server_hostname,
            "chain": shown,
            "anchors": self._anchors,
            "protocols": [],
            "verify": True,
            "check_name": True,
            "newest": "TLSv1.3",
        }
        return Secure(plain, hello)


class Secure:
    """A stream of records."""

    def __init__(self, plain: Stream, hello: dict[str, Any]) -> None:
        self._plain = plain
        self._reader = records.Reader()
        self._data = bytearray()
        self._over = False
        plain.sendall(records.handshake(hello))
        kind, content = self._next("handshake")
        if kind == records.ALERT:
            self._hear(content, "handshake")
            raise errors.closed("handshake")
        answer = records.fields_of(content)
        if "untrusted" in answer:
            plain.sendall(records.alert("bad certificate"))
            plain.close()
            raise errors.untrusted(*answer["untrusted"])

    def _next(self, doing: str) -> tuple[int, bytes]:
        while True:
            try:
                found = self._reader.next()
            except records.NotTls:
                raise errors.wrong_version() from None
            if found is not None:
                return found
            try:
                data = self._plain.recv(1 << 20)
            except TimeoutError:
                raise errors.timed_out(doing) from None
            if not data:
                raise errors.ended(doing)
            self._reader.feed(data)

    def _hear(self, content: bytes, doing: str) -> None:
        name, text = records.fields_of(content)
        self._over = True
        if name != records.CLOSE:
            raise errors.alerted(text or f"tlsv1 alert {name}", doing)

    def settimeout(self, timeout: float | None) -> None:
        """Let each wait take *timeout* seconds at most."""
        self._plain.settimeout(timeout)

    def sendall(self, data: bytes) -> None:
        """Send *data*."""
        self._plain.sendall(records.record(records.DATA, bytes(data)))

    def recv(self, count: int) -> bytes:
        """Return what has come, b"" at the end. Raises OSError, ssl.SSLError."""
        while not self._data and not self._over:
            kind, content = self._next("read")
            if kind == records.DATA:
                self._data += content
            elif kind == records.ALERT:
                self._hear(content, "read")
        data = bytes(self._data[:count])
        del self._data[:count]
        return data

    def makefile(self, mode: str = "rb", *_: Any, **__: Any) -> io.BufferedReader:  # noqa: ARG002
        """Return a file to read from."""
        return io.BufferedReader(Incoming(self))

    def close(self) -> None:
        """Leave."""
        self._plain.close()
