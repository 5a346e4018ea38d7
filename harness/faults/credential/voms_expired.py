"""The VOMS attributes expired before the proxy did."""

from __future__ import annotations

from dataclasses import dataclass

from fakesites.recipes import with_attributes_until
from harness.faults import Fuse
from harness.faults import fault
from harness.faults.credential._parts import change_credential
from harness.faults.credential._parts import on_credential


@fault(
    "voms_expired",
    on=("credential.proxy", "credential.voms"),
    about="let the VOMS attributes have expired, the proxy not",
)
@dataclass(frozen=True, slots=True)
class VomsExpired:
    """Let the attributes have expired *ago_s* seconds before; the proxy stays valid."""

    ago_s: float = 3600.0

    def install(self, trigger: Fuse) -> None:
        """Change the credential when the trigger says."""
        on_credential(
            trigger, lambda: change_credential(trigger, with_attributes_until, left_s=-self.ago_s)
        )
