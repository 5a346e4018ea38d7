"""What faults of the network have in common: which calls they mean, and whose addresses."""

from __future__ import annotations

import errno
import re
from typing import Any

from harness.faults._fuse import Fuse
from simkernel import Network

# ("resolve", source, name) or ("connect", source, host, port)
KIND, HOST = 0, 2
CONNECT = "connect"
ADDRESS = re.compile(r"[0-9.]+|[0-9a-f:]*:[0-9a-f:]*")
NO_ROUTE = errno.ENETUNREACH

# Linux repeats a SYN after 1, 2, 4 … 32 s and gives up 64 s after the sixth (tcp_syn_retries).
CONNECT_LIMIT_S = 127.0
# … and data for as long as the fifteenth repetition lasts (tcp_retries2).
DATA_LIMIT_S = 924.6


def asks_for_a_name(call: tuple[Any, ...]) -> bool:
    """Tell whether *call* has to resolve a name: it looks one up, or connects to one."""
    return ADDRESS.fullmatch(str(call[HOST])) is None


def goes_by_ipv6(call: tuple[Any, ...]) -> bool:
    """Tell whether *call* connects to an IPv6 address."""
    return call[KIND] == CONNECT and ":" in str(call[HOST])


def hosts_meant(trigger: Fuse) -> list[str]:
    """Return the hosts at which the fault of *trigger* stands."""
    name = trigger.plan.on.partition(".")[2]
    network: Network = trigger.world.network
    return [name] if name != "*" else sorted({network.name_of(each) for each in network.hosts()})
