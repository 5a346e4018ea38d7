"""A firewall says no: every packet is answered with an ICMP message, and the kernel believes it."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from typing import Any

from harness.faults import Fuse
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work
from simkernel import NetError


@fault("unreachable", on=("net.*",), about="have no route to the host")
@dataclass(frozen=True, slots=True)
class Unreachable:
    """Fail to connect at once: no route to host."""

    def install(self, trigger: Fuse) -> None:
        """Stand before the host."""
        trigger.on_calls(self.around)

    def around(self, _call: Any, _proceed: Proceed) -> Work:
        """Know no way."""
        yield from ()
        raise NetError("unreachable", "No route to host", errno=errno.EHOSTUNREACH)
