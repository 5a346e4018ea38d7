"""Hosts, names, links and services: what lies between a worker node and a server.

Models name resolution (several addresses of a name, IPv4 and IPv6), connection set-up, latency
and bandwidth of the path between two hosts, refused and unknown addresses, and request/answer
exchange with a service. Not modelled: packets, congestion between exchanges, more than one path.
"""

from __future__ import annotations

import errno as errnos
import math
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
from simkernel.tls import ALERTS
from simkernel.tls import Greeter
from simkernel.tls import Greeting
from simkernel.tls import Hello
from simkernel.tls import reason_of

UNRESOLVED = declare("net.unresolved", "name", "nearest", about="a host name has no address here")
FAILED = declare("net.failed", "host", "port", "why", about="a connection or exchange failed")

Headers = tuple[tuple[str, str], ...]
Work = Generator[Any, Any, Any]


EAI_AGAIN, EAI_NONAME = -3, -2
DNS_S = 0.002
"""What a look-up takes: one round trip to the name server of a site (seconds)."""


class NetError(Exception):
    """A network operation failed.

    *kind* is dns, refused, unreachable, reset, closed (the other side ended it without a word),
    timeout or tls. *errno* is what a socket raises; for dns, the EAI number of getaddrinfo(3).
    """

    ERRNO: ClassVar[dict[str, int]] = {
        "dns": EAI_NONAME,
        "refused": errnos.ECONNREFUSED,
        "unreachable": errnos.ENETUNREACH,
        "reset": errnos.ECONNRESET,
        "timeout": errnos.ETIMEDOUT,
    }

    def __init__(self, kind: str, text: str, *, errno: int | None = None) -> None:
        super().__init__(text)
        self.kind = kind
        self.text = text
        self.errno = self.ERRNO.get(kind, 0) if errno is None else errno


class VerifyError(NetError):
    """A TLS client does not trust the server: X509_V_ERR *code* and OpenSSL's words for it."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__("tls", f"certificate verify failed: {message}")
        self.code = code
        self.message = message


class AlertError(NetError):
    """A TLS server does not trust the client; *late* if it says so after the handshake."""

    def __init__(self, alert: str, *, late: bool) -> None:
        super().__init__("tls", ALERTS.get(alert, alert))
        self.alert = alert
        self.late = late
        self.reason = reason_of(self.text)


@dataclass(slots=True)
class Request:
    """One request as it reaches a service; *client* is the credential shown in TLS, if any.

    *hello* is what the client said in TLS, if it says more than to show *client*.
    """

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
    hello: Hello | None = None


@dataclass(slots=True)
class Response:
    """One answer.

    *cut* says that the connection closes before the body is complete: after the share *kept* of
    it, and with a *reset* if the network tears it. *pace* is how many bytes a second the server
    sends, 0 for as many as the path carries.
    """

    status: int
    headers: Headers = ()
    body: bytes = b""
    cut: bool = False
    kept: float = 0.5
    reset: bool = False
    pace: float = 0.0

    @property
    def sent(self) -> bytes:
        """The part of the body that is sent at all."""
        return self.body[: int(len(self.body) * self.kept)] if self.cut else self.body


Handler = Callable[[Request], Generator[Any, Any, Response]]


@dataclass(frozen=True, slots=True)
class Service:
    """What listens on a port; *greet* makes it speak TLS, and raises NetError to refuse.

    It reads *reads* bytes a second at most; 0 is a service that never reads. A connection on
    which nothing is asked is closed after *keep_s* seconds (httpd: KeepAliveTimeout 5).
    """

    handle: Handler
    greet: Greeter | None = None
    reads: float = math.inf
    keep_s: float = 5.0


@dataclass(frozen=True, slots=True)
class Link:
    """One path: *latency_s* one way, *bandwidth* in bytes a second."""

    latency_s: float = 0.005
    bandwidth: float = 125e6


Judge = Callable[[Hello, str], Greeting]


def trusting(_hello: Hello, _chain: str) -> Greeting:
    """Trust every chain: the judge of a world that has none."""
    return Greeting()


class Network:
    """The network of one world.

    *judge* says what a client who says hello makes of a PEM chain, raising VerifyError.
    """

    def __init__(self, clock: Clock, journal: Journal, points: Points) -> None:
        self._clock = clock
        self._journal = journal
        self._points = points
        self._hosts: dict[str, str] = {}
        self._addresses: dict[str, list[str]] = {}
        self._names: dict[str, str] = {}
        self._given: dict[str, str] = {}
        self._services: dict[tuple[str, int], Service] = {}
        self._links: dict[tuple[str, str], Link] = {}
        self._default = Link()
        self.judge: Judge = trusting

    # -- building

    def add_host(self, name: str, *, aliases: tuple[str, ...] = ()) -> str:
        """Add a host, give it the next address of 10.0.0.0/8 and return the address."""
        number = len(self._addresses) + 1
        address = f"10.0.{number // 250}.{number % 250 + 1}"
        self._addresses[name] = [address]
        self._names[address] = name
        self._given[name] = address
        for each in (name, *aliases):
            self._hosts[each] = name
        return address

    def add_address(self, name: str, address: str = "", *, first: bool = False) -> str:
        """Give the host *name* one more address, of IPv6 by default, and return it.

        Look-ups return IPv6 before IPv4, else in the order of adding, or *first*.
        """
        host = self._hosts.get(name, name)
        own = self._addresses[host]
        if not address:
            high, low = self._given[host].split(".")[2:]
            address = f"2001:db8::{int(high) * 250 + int(low):x}"
        if address not in own:
            own.insert(0 if first else len(own), address)
            self._names[address] = host
        return address

    @property
    def epoch(self) -> float:
        """Return the instant of its clock's zero, in POSIX seconds."""
        return self._clock.epoch

    def add_ipv6(self) -> None:
        """Give every host an IPv6 address."""
        for host in self._addresses:
            self.add_address(host)

    def link(self, source: str, target: str, link: Link) -> None:
        """Set the path between two hosts, both ways."""
        self._links[source, target] = self._links[target, source] = link

    def listen(self, host: str, port: int, service: Service) -> None:
        """Bind *service* to a port of *host*."""
        self._services[host, port] = service

    # -- names

    def hosts(self) -> list[str]:
        """Return every name that resolves here."""
        return sorted(self._hosts)

    def knows(self, name: str) -> bool:
        """Tell whether *name* is a host or an address of this world."""
        return name in self._names or name in self._hosts

    def name_of(self, name: str) -> str:
        """Return the host's own name for a name, an alias or an address."""
        return self._names.get(name) or self._hosts.get(name, name)

    def resolve(self, name: str, *, who: str) -> str:
        """Return the address that *name* was given, or *name* if it is one. Raises NetError."""
        if name in self._hosts:
            return self._given[self._hosts[name]]
        return self.addresses(name, who=who)[0]

    def addresses(self, name: str, *, who: str) -> tuple[str, ...]:
        """Return all addresses of *name*, in the order to try them. Raises NetError (dns)."""
        if name in self._names:
            return (name,)
        if name in self._hosts:
            own = self._addresses[self._hosts[name]]
            return tuple(sorted(own, key=lambda address: ":" not in address))
        near = nearest(name, self._hosts)
        self._journal.emit(UNRESOLVED, who=who, name=name, nearest=near)
        raise NetError("dns", f"Name or service not known: {name}")

    def look_up(self, source: str, name: str, *, who: str) -> Work:
        """Ask the name server for all addresses of *name*, at the cost of one round trip."""
        return (
            yield from self._points.around(
                f"net.{name}", ("resolve", source, name), lambda: self._look_up(name, who)
            )
        )

    def _look_up(self, name: str, who: str) -> Work:
        yield self._clock.timeout(DNS_S)
        return self.addresses(name, who=who)

    # -- traffic

    def path(self, source: str, target: str) -> Link:
        """Return the link between two hosts."""
        return self._links.get((source, target), self._default)

    def connect(self, source: str, host: str, port: int, *, who: str) -> Work:
        """Open a connection, at the cost of one round trip, and return what listens there."""
        return (
            yield from self._points.around(
                f"net.{self.name_of(host)}",
                ("connect", source, host, port),
                lambda: self._connect(source, host, port, who),
            )
        )

    def _connect(self, source: str, host: str, port: int, who: str) -> Work:
        target = self._names[self.resolve(host, who=who)]
        yield self._clock.timeout(2 * self.path(source, target).latency_s)
        service = self._services.get((target, port))
        if service is None:
            self.tell_failed(host, port, who=who, why="refused")
            raise NetError("refused", f"Connection refused: {host}:{port}")
        return service

    def tell_failed(self, host: str, port: int, *, who: str, why: str) -> None:
        """Tell the journal that a connection of *who* came to nothing."""
        self._journal.emit(FAILED, who=who, host=host, port=port, why=why)

    def exchange(self, service: Service, request: Request, *, underway_s: float = 0.0) -> Work:
        """Carry *request* to *service* and its answer back, at the speed of the path.

        The request has been on its way for *underway_s* seconds already.
        """
        link = self.path(request.source, self.name_of(request.host))
        travel_s = len(request.body) / link.bandwidth - underway_s
        yield self._clock.timeout(link.latency_s + max(0.0, travel_s))
        response = yield from service.handle(request)
        yield self._clock.timeout(link.latency_s + len(response.body) / link.bandwidth)
        return response

    def fetch(self, request: Request) -> Work:
        """Connect, greet and exchange once: what a program does that asks and goes."""
        service = yield from self.connect(
            request.source, request.host, request.port, who=request.who
        )
        greet(service, request)
        return (yield from self.exchange(service, request))


def greet(service: Service, request: Request) -> Greeting | None:
    """Shake hands with *service* if *request* goes by TLS. Raises NetError (tls)."""
    if not request.tls or service.greet is None:
        return None
    hello = request.hello or Hello(server_name=request.host, chain=request.client)
    greeting = service.greet(hello)
    if greeting.alert:
        raise AlertError(greeting.alert, late=greeting.is_late)
    return greeting
