"""A firewall drops every packet: the connection is neither made nor refused."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from harness.faults import Fuse
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work
from harness.faults.net._connections import CONNECT_LIMIT_S
from simkernel import Clock
from simkernel import NetError


@fault("black_hole", on=("net.*",), about="drop every packet until the kernel gives up")
@dataclass(frozen=True, slots=True)
class BlackHole:
    """Let the connection attempt run into a time-out after *limit_s* seconds."""

    limit_s: float = CONNECT_LIMIT_S

    def install(self, trigger: Fuse) -> None:
        """Stand before the host."""
        trigger.on_calls(partial(self.around, clock=trigger.world.clock))

    def around(self, _call: Any, _proceed: Proceed, *, clock: Clock) -> Work:
        """Wait, then give up."""
        yield clock.timeout(self.limit_s)
        raise NetError("timeout", "Connection timed out")
