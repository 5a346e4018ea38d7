"""The request reaches the server twice, as it does when a proxy repeats it."""

from __future__ import annotations

from dataclasses import dataclass

from harness.faults import Fuse
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work
from simkernel import Request


@fault("duplicate", on=("server.*",), about="let the request take effect twice")
@dataclass(frozen=True, slots=True)
class Duplicate:
    """Deliver the request twice; the client gets the second answer."""

    def install(self, trigger: Fuse) -> None:
        """Stand before the endpoint."""
        trigger.on_calls(self.around)

    def around(self, _request: Request, proceed: Proceed) -> Work:
        """Let the request through, twice."""
        yield from proceed()
        return (yield from proceed())
