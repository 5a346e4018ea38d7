"""The server never hears of it: the request is lost on its way."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from harness.faults import Fuse
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work
from harness.faults._waits import RESET
from harness.faults._waits import check_way
from harness.faults._waits import lost
from simkernel import Clock
from simkernel import Request


@fault("request_lost", on=("server.*",), about="lose the request before it has any effect")
@dataclass(frozen=True, slots=True)
class RequestLost:
    """Lose the request; *how* the client learns of it: by a ``reset``, or by ``silence``."""

    how: str = RESET

    def __post_init__(self) -> None:
        check_way(self.how)

    def install(self, trigger: Fuse) -> None:
        """Stand before the endpoint."""
        trigger.on_calls(partial(self.around, clock=trigger.world.clock))

    def around(self, _request: Request, _proceed: Proceed, *, clock: Clock) -> Work:
        """Lose the request."""
        return (yield from lost(clock, how=self.how))
