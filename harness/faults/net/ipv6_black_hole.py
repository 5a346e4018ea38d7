"""IPv6 leads nowhere: the host has an IPv6 address, and every packet that goes there is lost."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from harness.faults import Fuse
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work
from harness.faults.net._connections import CONNECT_LIMIT_S
from harness.faults.net._connections import goes_by_ipv6
from harness.faults.net._connections import hosts_meant
from simkernel import Clock
from simkernel import NetError


@fault("ipv6_black_hole", on=("net.*",), about="drop every packet that goes by IPv6")
@dataclass(frozen=True, slots=True)
class Ipv6BlackHole:
    """Give the host an IPv6 address that look-ups return first, and never answer there.

    An attempt to connect to it ends after *limit_s* seconds; IPv4 works.
    """

    limit_s: float = CONNECT_LIMIT_S

    def install(self, trigger: Fuse) -> None:
        """Stand before the host, which has an IPv6 address from now on."""
        for host in hosts_meant(trigger):
            trigger.world.network.add_address(host)
        trigger.on_calls(partial(self.around, clock=trigger.world.clock), counts=goes_by_ipv6)

    def around(self, _call: Any, _proceed: Proceed, *, clock: Clock) -> Work:
        """Wait, then give up."""
        yield clock.timeout(self.limit_s)
        raise NetError("timeout", "Connection timed out")
