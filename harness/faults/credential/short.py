"""The proxy, or what VOMS put into it, will not last the job."""

from __future__ import annotations

from dataclasses import dataclass

from harness.faults import Fuse
from harness.faults import fault
from harness.faults.credential._parts import end_at
from harness.faults.credential._parts import on_credential


@fault(
    "short",
    on=("credential.proxy", "credential.voms"),
    about="let the proxy, or its VOMS attributes, end soon",
)
@dataclass(frozen=True, slots=True)
class Short:
    """Let the part end *left_s* seconds from now."""

    left_s: float = 600.0

    def install(self, trigger: Fuse) -> None:
        """Change the credential when the trigger says."""
        on_credential(trigger, lambda: end_at(trigger, left_s=self.left_s))
