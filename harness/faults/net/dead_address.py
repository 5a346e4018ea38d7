"""One of a name's addresses is that of a machine that is gone; the others answer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from harness.faults import Fuse
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work
from harness.faults.net._connections import CONNECT
from harness.faults.net._connections import CONNECT_LIMIT_S
from harness.faults.net._connections import HOST
from harness.faults.net._connections import KIND
from harness.faults.net._connections import hosts_meant
from simkernel import Clock
from simkernel import NetError

ALIVE, DEAD = "10.0.", "10.254."


def goes_to_the_dead(call: tuple[Any, ...]) -> bool:
    """Tell whether *call* connects to an address at which there is no machine."""
    return call[KIND] == CONNECT and str(call[HOST]).startswith(DEAD)


@fault(
    "dead_address", on=("net.*",), about="list a machine that is gone, before the one that works"
)
@dataclass(frozen=True, slots=True)
class DeadAddress:
    """Give the host one more address, the first, where nobody answers for *limit_s* seconds."""

    limit_s: float = CONNECT_LIMIT_S

    def install(self, trigger: Fuse) -> None:
        """Stand before the host, which has another address from now on."""
        network = trigger.world.network
        for host in hosts_meant(trigger):
            alive = network.resolve(host, who="world")
            network.add_address(host, alive.replace(ALIVE, DEAD, 1), first=True)
        trigger.on_calls(partial(self.around, clock=trigger.world.clock), counts=goes_to_the_dead)

    def around(self, _call: Any, _proceed: Proceed, *, clock: Clock) -> Work:
        """Wait, then give up."""
        yield clock.timeout(self.limit_s)
        raise NetError("timeout", "Connection timed out")
