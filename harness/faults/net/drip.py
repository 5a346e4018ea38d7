"""The answer comes drop by drop: never so slowly that a time-out between two drops would end it."""

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


@fault("drip", on=("net.*",), about="send the answer slowly, a little every second")
@dataclass(frozen=True, slots=True)
class Drip:
    """Send *rate_bytes* of the answer each second; all of it comes in the end."""

    rate_bytes: float = 10.0

    def __post_init__(self) -> None:
        if self.rate_bytes <= 0:
            raise ScenarioError(f"rate = {self.rate_bytes}", remedy="use '10 B' or more")

    def install(self, trigger: Fuse) -> None:
        """Stand before the host."""
        trigger.on_calls(self.around)

    def around(self, _call: Any, proceed: Proceed) -> Work:
        """Connect, and slow down what the service answers."""
        service = yield from proceed()
        return replace(service, handle=partial(self._slowed, service))

    def _slowed(self, service: Service, request: Request) -> Generator[Any, Any, Response]:
        response = yield from service.handle(request)
        return replace(response, pace=self.rate_bytes)
