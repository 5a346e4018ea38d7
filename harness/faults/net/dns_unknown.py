"""The name server does not know the host any more (NXDOMAIN)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from harness.faults import Fuse
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work
from harness.faults.net._connections import asks_for_a_name
from simkernel import NetError


@fault("dns_unknown", on=("net.*",), about="do not know the host's name")
@dataclass(frozen=True, slots=True)
class DnsUnknown:
    """Answer that there is no such name, at once."""

    def install(self, trigger: Fuse) -> None:
        """Stand before the host."""
        trigger.on_calls(self.around, counts=asks_for_a_name)

    def around(self, _call: Any, _proceed: Proceed) -> Work:
        """Know nothing."""
        yield from ()
        raise NetError("dns", "Name or service not known")
