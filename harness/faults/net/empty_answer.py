"""The server takes the request and closes the connection without a word."""

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


@fault("empty_answer", on=("net.*",), about="accept the connection, close it when a request comes")
@dataclass(frozen=True, slots=True)
class EmptyAnswer:
    """Connect, then close; the service behind the host never sees the request."""

    def install(self, trigger: Fuse) -> None:
        """Stand before the host."""
        trigger.on_calls(self.around)

    def around(self, _call: Any, proceed: Proceed) -> Work:
        """Connect, and put a handler that closes in the service's place."""
        service = yield from proceed()
        return replace(service, handle=_close)


def _close(_request: Request) -> Generator[Any, Any, Response]:
    yield from ()
    raise NetError("closed", "Empty reply from server")
