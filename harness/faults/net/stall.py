"""The connection is made, then nothing passes: what is sent fills the buffers, and waits."""

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
from harness.faults.net._connections import DATA_LIMIT_S
from simkernel import Clock
from simkernel import NetError
from simkernel import Request
from simkernel import Response


@fault("stall", on=("net.*",), about="accept the connection, then let nothing pass")
@dataclass(frozen=True, slots=True)
class Stall:
    """Connect, and acknowledge nothing: the kernel gives up *limit_s* seconds after the first byte.

    The service behind the host never sees the request.
    """

    limit_s: float = DATA_LIMIT_S

    def install(self, trigger: Fuse) -> None:
        """Stand before the host."""
        trigger.on_calls(partial(self.around, clock=trigger.world.clock))

    def around(self, _call: Any, proceed: Proceed, *, clock: Clock) -> Work:
        """Connect, and put someone deaf and dumb in the service's place."""
        service = yield from proceed()
        return replace(service, handle=partial(self._wait, clock), reads=0.0)

    def _wait(self, clock: Clock, _request: Request) -> Generator[Any, Any, Response]:
        yield clock.timeout(self.limit_s)
        raise NetError("timeout", "Connection timed out")
