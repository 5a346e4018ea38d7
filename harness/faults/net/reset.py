"""The connection is made, then reset before any answer comes."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace
from typing import Any
from typing import Generator

from harness.faults import Fuse
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work
from simkernel import NetError
from simkernel import Request
from simkernel import Response


@fault("reset", on=("net.*",), about="accept the connection, reset it when the request comes")
@dataclass(frozen=True, slots=True)
class Reset:
    """Connect, then reset; the service behind the host never sees the request."""

    def install(self, trigger: Fuse) -> None:
        """Stand before the host."""
        trigger.on_calls(self.around)

    def around(self, _call: Any, proceed: Proceed) -> Work:
        """Connect, and put a handler that resets in the service's place."""
        service = yield from proceed()
        return replace(service, handle=_reset)


def _reset(_request: Request) -> Generator[Any, Any, Response]:
    yield from ()
    raise NetError("reset", "Connection reset by peer")
