"""A machine in between forgets the connection: the next packet is answered with a reset."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace
from typing import Any
from typing import Generator
from typing import NoReturn

from harness.faults import Fuse
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work
from simkernel import NetError
from simkernel import Request
from simkernel import Response
from simkernel import ScenarioError
from simkernel.network import Service
from simkernel.tls import Hello

HANDSHAKE, REQUEST, ANSWER = "handshake", "request", "answer"
MOMENTS = (HANDSHAKE, REQUEST, ANSWER)


@fault("reset", on=("net.*",), about="accept the connection, reset it when the request comes")
@dataclass(frozen=True, slots=True)
class Reset:
    """Connect, then reset, *during* handshake, request, or in the middle of the answer.

    Only in the last case does the service behind the host see the request.
    """

    during: str = REQUEST

    def __post_init__(self) -> None:
        if self.during not in MOMENTS:
            remedy = f"use {', '.join(map(repr, MOMENTS))}"
            raise ScenarioError(f"during = {self.during!r}", remedy=remedy)

    def install(self, trigger: Fuse) -> None:
        """Stand before the host."""
        trigger.on_calls(self.around)

    def around(self, _call: Any, proceed: Proceed) -> Work:
        """Connect, and put something that resets in the service's place."""
        service: Service = yield from proceed()
        if self.during == ANSWER:
            return replace(service, handle=lambda request: _torn(service, request))
        if self.during == HANDSHAKE and service.greet is not None:
            return replace(service, greet=_no_greeting)
        return replace(service, handle=_reset)


def _no_greeting(_hello: Hello) -> NoReturn:
    raise NetError("reset", "Connection reset by peer")


def _reset(_request: Request) -> Generator[Any, Any, Response]:
    yield from ()
    raise NetError("reset", "Connection reset by peer")


def _torn(service: Service, request: Request) -> Generator[Any, Any, Response]:
    response = yield from service.handle(request)
    return replace(response, cut=True, reset=True)
