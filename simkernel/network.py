"""Hosts, names, links and services: what lies between a worker node and a server.

Models name resolution, connection set-up, latency and bandwidth of the path between two
hosts, refused and unknown addresses, and request/answer exchange with a service. Not
modelled: packets, congestion between exchanges, more than one path.
"""

from __future__ import annotations

import errno
from dataclasses import dataclass
from dataclasses import field
from typing import Any
from typing import Callable
from typing import ClassVar
from typing import Generator

from simkernel.clock import Clock
from simkernel.journal import Journal
from simkernel.journal import declare
from simkernel.names import nearest
from simkernel.points import Points

UNRESOLVED = declare("net.unresolved", "name", "nearest", about="a host name has no address here")
FAILED = declare("net.failed", "host", "port", "why", about="a connection or exchange failed")

Headers = tuple[tuple[str, str], ...]
Work = Generator[Any, Any, Any]


class NetError(Exception):
    """A network operation failed; *kind* is dns, refused, unreachable, reset, timeout or tls."""

    ERRNO: ClassVar[dict[str, int]] = {
        "refused": errno.ECONNREFUSED,
        "unreachable": errno.ENETUNREACH,
        "reset": errno.ECONNRESET,
        "timeout": errno.ETIMEDOUT,
    }

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(text)
        self.kind = kind
        self.text = text
        self.errno = self.ERRNO.get(kind, 0)


@dataclass(slots=True)
class Request:
    """One request as it reaches a service; *client* is the credential shown in TLS, if any."""

    method: str
    host: str
    port: int
    path: str
    headers: Headers = ()
    body: bytes = b""
    source: str = ""
    who: str = ""
    client: str = ""
    tls: bool = False
    notes: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Response:
    """One answer; *cut* says that the connection closes before the body is complete."""

    status: int
    headers: Headers = ()
    body: bytes = b""
    cut: bool = False


Handler = Callable[[Request], Generator[Any, Any, Response]]
Greeter = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Service:
    """What listens on a port; *greet* checks a TLS client's credential, raising NetError."""

    handle: Handler
    greet: Greeter | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """One path: *latency_s* one way, *bandwidth* in bytes a second."""

    latency_s: float = 0.005
    bandwidth: float = 125e6


class Network:
    """The network of one world."""

    def __init__(self, clock: Clock, journal: Journal, points: Points) -> None:
        self._clock = clock
        self._journal = journal
        self._points = points
        self._addresses: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._services: dict[tuple[str, int], Service] = {}
        self._links: dict[tuple[str, str], Link] = {}
        self._default = Link()

    def add_host(self, name: str, *, aliases: tuple[str, ...] = ()) -> str:
        """Add a host, give it the next address of 10.0.0.0/8 and return the address."""
        number = len(self._names) + 1
        address = f"10.0.{number // 250}.{number % 250 + 1}"
        self._names[address] = name
        for each in (name, *aliases):
            self._addresses[each] = address
        return address

    def link(self, source: str, target: str, link: Link) -> None:
        """Set the path between two hosts, both ways."""
        self._links[source, target] = self._links[target, source] = link

    def listen(self, host: str, port: int, service: Service) -> None:
        """Bind *service* to a port of *host*."""
        self._services[host, port] = service

    def hosts(self) -> list[str]:
        """Return every name that resolves here."""
        return sorted(self._addresses)

    def resolve(self, name: str, *, who: str) -> str:
        """Return the address of *name*; an address stands for itself. Raises NetError (dns)."""
        if name in self._names:
            return name
        if name in self._addresses:
            return self._addresses[name]
        near = nearest(name, self._addresses)
        self._journal.emit(UNRESOLVED, who=who, name=name, nearest=near)
        raise NetError("dns", f"Name or service not known: {name}")

    def knows(self, name: str) -> bool:
        """Tell whether *name* is a host or an address of this world."""
        return name in self._names or name in self._addresses

    def name_of(self, name: str) -> str:
        """Return the host's own name for a name, an alias or an address."""
        return self._host_of(name)

    def path(self, source: str, target: str) -> Link:
        """Return the link between two hosts."""
        return self._links.get((source, target), self._default)

    def connect(self, source: str, host: str, port: int, *, who: str) -> Work:
        """Open a connection, at the cost of one round trip, and return what listens there."""
        return (
            yield from self._points.around(
                f"net.{self._host_of(host)}",
                ("connect", source, host, port),
                lambda: self._connect(source, host, port, who),
            )
        )

    def _connect(self, source: str, host: str, port: int, who: str) -> Work:
        target = self._names.get(self.resolve(host, who=who), host)
        yield self._clock.timeout(2 * self.path(source, target).latency_s)
        service = self._services.get((target, port))
        if service is None:
            self._journal.emit(FAILED, who=who, host=host, port=port, why="refused")
            raise NetError("refused", f"Connection refused: {host}:{port}")
        return service

    def exchange(self, service: Service, request: Request) -> Work:
        """Carry *request* to *service* and its answer back, at the speed of the path."""
        link = self.path(request.source, self._host_of(request.host))
        yield self._clock.timeout(link.latency_s + len(request.body) / link.bandwidth)
        response = yield from service.handle(request)
        yield self._clock.timeout(link.latency_s + len(response.body) / link.bandwidth)
        return response

    def fetch(self, request: Request) -> Work:
        """Connect, greet and exchange once: what a simulated tool such as curl does."""
        service = yield from self.connect(
            request.source, request.host, request.port, who=request.who
        )
        if request.tls and service.greet is not None:
            service.greet(request.client)
        return (yield from self.exchange(service, request))

    def _host_of(self, name: str) -> str:
        return self._names.get(self._addresses.get(name, name), name)
