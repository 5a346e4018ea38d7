"""No route by IPv6: the host has an IPv6 address, the site has no way there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from harness.faults import Fuse
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work
from harness.faults.net._connections import NO_ROUTE
from harness.faults.net._connections import goes_by_ipv6
from harness.faults.net._connections import hosts_meant
from simkernel import NetError


@fault("no_ipv6", on=("net.*",), about="have no route to the host's IPv6 address")
@dataclass(frozen=True, slots=True)
class NoIpv6:
    """Give the host an IPv6 address that look-ups return first, and no route to it; IPv4 works."""

    def install(self, trigger: Fuse) -> None:
        """Stand before the host, which has an IPv6 address from now on."""
        for host in hosts_meant(trigger):
            trigger.world.network.add_address(host)
        trigger.on_calls(self.around, counts=goes_by_ipv6)

    def around(self, _call: Any, _proceed: Proceed) -> Work:
        """Know no way, which the kernel says at once."""
        yield from ()
        raise NetError("unreachable", "Network is unreachable", errno=NO_ROUTE)
