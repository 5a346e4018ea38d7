"""One request as a program of the node makes it: look up, connect, shake hands, ask, receive.

Addresses of a name are tried one after the other. A course keeps how far it has come, which is
what a client says of a request that is cut short. Not modelled: proxies, HTTP/2, two attempts to
connect at a time (a client that would make them waits EYEBALLS_S for IPv6, then goes by IPv4).
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Any
from typing import Callable
from typing import Generator
from typing import Sequence

import simpy

from fakesites.tools import ToolCall
from fakesites.tools._within import within
from simkernel.network import NetError
from simkernel.network import Request
from simkernel.network import Response
from simkernel.network import Service
from simkernel.network import greet

Fetching = Generator[simpy.Event, Any, Any]

RESOLVING, CONNECTING, GREETING, WAITING, RECEIVING, OVER = range(6)
"""The phases of a request."""

EYEBALLS_S = 0.2
"""How long curl waits for IPv6 before it goes by IPv4, too (CURL_HET_TIMEOUT_DEFAULT)."""

TIMED_OUT = "Connection timed out"
LOOPBACK = ("127.0.0.1", "::1")
LOCAL = ("localhost", "localhost.localdomain", "ip6-localhost")


class SlowError(Exception):
    """Less came in, for too long, than the client puts up with."""


@dataclass(slots=True)
class Course:
    """How far one request has come.

    *family* restricts it to IPv4 (4) or IPv6 (6). A client that has to receive *least* bytes a
    second puts up with less for *slow_s* seconds; each attempt to connect may take *attempt_s*,
    and an answer may be *read_s* in coming (0 for no limit).
    """

    family: int = 0
    eyeballs: bool = False
    least: float = 0.0
    slow_s: float = 30.0
    attempt_s: float = 0.0
    read_s: float = 0.0
    phase: int = RESOLVING
    addresses: tuple[str, ...] = ()
    address: str = ""
    response: Response | None = None
    since: float = 0.0
    on_addresses: Callable[[tuple[str, ...]], None] | None = None
    on_attempt: Callable[[str], None] | None = None
    on_failure: Callable[[NetError], None] | None = None
    on_connection: Callable[[], None] | None = None
    on_greeting: Callable[[], None] | None = None

    def received(self, now: float) -> int:
        """Return the bytes of the body that have come until *now*."""
        if self.response is None:
            return 0
        size = len(self.response.sent)
        if not self.response.pace or self.phase == OVER:
            return size
        return min(size, int(self.response.pace * (now - self.since)))


def fetch(call: ToolCall, request: Request, course: Course, *, connect_s: float = 0.0) -> Fetching:
    """Return the answer to *request*. Raises NetError, SlowError.

    Raises TimeoutError if there is no connection (and handshake) after *connect_s* seconds,
    0 for no limit.
    """
    opening = _opened(call, request, course)
    if connect_s:
        service = yield from within(call.node.clock, opening, connect_s)
    else:
        service = yield from opening
    course.phase = WAITING
    clock, asked = call.node.clock, call.node.clock.now
    response = yield from _answered(call, service, request, course)
    course.response, course.phase, course.since = response, RECEIVING, clock.now
    if response.pace:
        takes_s = len(response.sent) / response.pace
        left_s = course.slow_s - (clock.now - asked)
        if response.pace < course.least and takes_s > left_s:
            yield clock.timeout(max(0.0, left_s))
            raise SlowError
        yield clock.timeout(takes_s)
    course.phase = OVER
    return response


def _answered(call: ToolCall, service: Service, request: Request, course: Course) -> Fetching:
    exchange = call.node.network.exchange(service, request)
    limit_s = course.slow_s if course.least else course.read_s
    if not limit_s:
        return (yield from exchange)
    try:
        return (yield from within(call.node.clock, exchange, limit_s))
    except TimeoutError:
        if course.least:
            raise SlowError from None
        raise NetError("timeout", TIMED_OUT) from None


def _opened(call: ToolCall, request: Request, course: Course) -> Fetching:
    course.phase = RESOLVING
    course.addresses = yield from _looked_up(call, request, course.family)
    _tell(course.on_addresses, course.addresses)
    course.phase = CONNECTING
    service = yield from _connected(call, request, course)
    course.phase = GREETING
    if request.tls and not service.reads:
        yield from service.handle(request)  # nobody there to greet, until the kernel gives up
    greet(service, request)
    _tell(course.on_greeting)
    return service


def _looked_up(call: ToolCall, request: Request, family: int) -> Fetching:
    found: Sequence[str] = LOOPBACK[:1]
    if is_number(request.host):
        found = (request.host,)
    elif request.host not in (*LOCAL, call.node.hostname):
        found = yield from call.node.network.look_up(request.source, request.host, who=request.who)
    chosen = tuple(each for each in found if not family or (":" in each) == (family == 6))
    if not chosen:
        raise NetError("dns", f"No address of that family: {request.host}")
    return chosen


def _connected(call: ToolCall, request: Request, course: Course) -> Fetching:
    last = NetError("unreachable", "Network is unreachable")
    for number, address in enumerate(course.addresses):
        course.address = address
        _tell(course.on_attempt, address)
        hurry = course.eyeballs and ":" in address and number + 1 < len(course.addresses)
        limit_s = EYEBALLS_S if hurry else course.attempt_s
        attempt = _attempt(call, request, address)
        try:
            service = yield from _limited(call, attempt, limit_s)
        except NetError as error:
            _tell(course.on_failure, error)
            last = error
            continue
        _tell(course.on_connection)
        return service
    raise last


def _limited(call: ToolCall, attempt: Fetching, limit_s: float) -> Fetching:
    if not limit_s:
        return (yield from attempt)
    try:
        return (yield from within(call.node.clock, attempt, limit_s))
    except TimeoutError:
        raise NetError("timeout", TIMED_OUT) from None


def _attempt(call: ToolCall, request: Request, address: str) -> Fetching:
    if address in LOOPBACK:
        raise NetError("refused", "Connection refused")
    if not call.node.network.knows(address):
        raise NetError("unreachable", "Network is unreachable")
    service: Service = yield from call.node.network.connect(
        request.source, address, request.port, who=request.who
    )
    return service


def _tell(listener: Callable[..., None] | None, *news: Any) -> None:
    if listener is not None:
        listener(*news)


def is_number(host: str) -> bool:
    """Tell whether *host* is an address."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
