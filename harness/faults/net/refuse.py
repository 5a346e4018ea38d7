"""Nothing listens: the host refuses the connection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from harness.faults import Fuse
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work
from simkernel import NetError


@fault("refuse", on=("net.*",), about="refuse the connection")
@dataclass(frozen=True, slots=True)
class Refuse:
    """Refuse the connection, at once."""

    def install(self, trigger: Fuse) -> None:
        """Stand before the host."""
        trigger.on_calls(self.around)

    def around(self, _call: Any, _proceed: Proceed) -> Work:
        """Refuse."""
        yield from ()
        raise NetError("refused", "Connection refused")
