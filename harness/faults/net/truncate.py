"""The connection ends in the middle of the answer, as if that were all."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace
from functools import partial
from typing import Any
from typing import Generator

from harness.faults import Fuse
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work
from simkernel import Request
from simkernel import Response
from simkernel import ScenarioError
from simkernel.network import Service


@fault("truncate", on=("net.*",), about="end the connection in the middle of the answer")
@dataclass(frozen=True, slots=True)
class Truncate:
    """Send the head of the answer and *fraction* of its body, then close the connection.

    The service has seen the request, and what it did about it stands.
    """

    fraction: float = 0.5

    def __post_init__(self) -> None:
        if not 0 <= self.fraction < 1:
            raise ScenarioError(f"fraction = {self.fraction}", remedy="use 0 up to, not with, 1")

    def install(self, trigger: Fuse) -> None:
        """Stand before the host."""
        trigger.on_calls(self.around)

    def around(self, _call: Any, proceed: Proceed) -> Work:
        """Connect, and cut what the service answers."""
        service = yield from proceed()
        return replace(service, handle=partial(self._cut, service))

    def _cut(self, service: Service, request: Request) -> Generator[Any, Any, Response]:
        response = yield from service.handle(request)
        return replace(response, cut=True, kept=self.fraction)
