"""The name servers do not answer for this host."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from harness.faults import Fuse
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work
from simkernel import NetError


@fault("dns_failure", on=("net.*",), about="fail to resolve the host's name")
@dataclass(frozen=True, slots=True)
class DnsFailure:
    """Fail to resolve the name, at once."""

    def install(self, trigger: Fuse) -> None:
        """Stand before the host."""
        trigger.on_calls(self.around)

    def around(self, _call: Any, _proceed: Proceed) -> Work:
        """Fail as a resolver does."""
        yield from ()
        raise NetError("dns", "Temporary failure in name resolution")
