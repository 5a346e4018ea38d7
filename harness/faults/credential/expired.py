"""The proxy, or what VOMS put into it, has expired."""

from __future__ import annotations

from dataclasses import dataclass

from harness.faults import Fuse
from harness.faults import fault
from harness.faults.credential._parts import end_at
from harness.faults.credential._parts import on_credential


@fault(
    "expired",
    on=("credential.proxy", "credential.voms"),
    about="let the proxy, or its VOMS attributes, have expired",
)
@dataclass(frozen=True, slots=True)
class Expired:
    """Let the part have expired *ago_s* seconds before."""

    ago_s: float = 3600.0

    def install(self, trigger: Fuse) -> None:
        """Change the credential when the trigger says."""
        on_credential(trigger, lambda: end_at(trigger, left_s=-self.ago_s))
