"""The name server has trouble: it says so at once (SERVFAIL), and asking again may help."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from harness.faults import Fuse
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work
from harness.faults.net._connections import asks_for_a_name
from simkernel import NetError
from simkernel.network import EAI_AGAIN


@fault("dns_failure", on=("net.*",), about="fail to resolve the host's name, for the time being")
@dataclass(frozen=True, slots=True)
class DnsFailure:
    """Fail to resolve the name, at once; a connection to an address needs no name."""

    def install(self, trigger: Fuse) -> None:
        """Stand before the host."""
        trigger.on_calls(self.around, counts=asks_for_a_name)

    def around(self, _call: Any, _proceed: Proceed) -> Work:
        """Fail as a resolver does."""
        yield from ()
        raise NetError("dns", "Temporary failure in name resolution", errno=EAI_AGAIN)
