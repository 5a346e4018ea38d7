"""The name servers do not answer for this host."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from harness.faults import Fuse
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work
from simkernel import NetError

# ("resolve", source, name) or ("connect", source, host, port)
HOST = 2
ADDRESS = re.compile(r"[0-9.]+|[0-9a-f:]*:[0-9a-f:]*")


def asks_for_a_name(call: tuple[Any, ...]) -> bool:
    """Tell whether *call* has to resolve a name: it looks one up, or connects to one."""
    return ADDRESS.fullmatch(str(call[HOST])) is None


@fault("dns_failure", on=("net.*",), about="fail to resolve the host's name")
@dataclass(frozen=True, slots=True)
class DnsFailure:
    """Fail to resolve the name, at once; a connection to an address needs no name."""

    def install(self, trigger: Fuse) -> None:
        """Stand before the host."""
        trigger.on_calls(self.around, counts=asks_for_a_name)

    def around(self, _call: Any, _proceed: Proceed) -> Work:
        """Fail as a resolver does."""
        yield from ()
        raise NetError("dns", "Temporary failure in name resolution")
