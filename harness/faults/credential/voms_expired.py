"""The VOMS attributes expired before the proxy did."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace

from harness.faults import Fuse
from harness.faults import fault


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

        def expire(_pilot: str) -> None:
            instant = int(trigger.world.clock.wall() - self.ago_s)
            trigger.world.credentials.write(
                replace(trigger.world.credentials.read(), voms_not_after=instant)
            )

        trigger.on_moments(expire)
