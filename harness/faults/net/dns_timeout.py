"""The name server does not answer: a look-up takes its time, which no socket's time-out ends."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from harness.faults import Fuse
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work
from harness.faults.net._connections import asks_for_a_name
from simkernel import Clock
from simkernel import NetError
from simkernel.network import EAI_AGAIN

# glibc asks each server twice and waits 5 s for each (resolv.conf: timeout:5 attempts:2).
RESOLVER_LIMIT_S = 10.0


@fault("dns_timeout", on=("net.*",), about="answer no question for the host's name")
@dataclass(frozen=True, slots=True)
class DnsTimeout:
    """Let a look-up fail after *limit_s* seconds."""

    limit_s: float = RESOLVER_LIMIT_S

    def install(self, trigger: Fuse) -> None:
        """Stand before the host."""
        around = partial(self.around, clock=trigger.world.clock)
        trigger.on_calls(around, counts=asks_for_a_name)

    def around(self, _call: Any, _proceed: Proceed, *, clock: Clock) -> Work:
        """Wait, then give up."""
        yield clock.timeout(self.limit_s)
        raise NetError("dns", "Temporary failure in name resolution", errno=EAI_AGAIN)
