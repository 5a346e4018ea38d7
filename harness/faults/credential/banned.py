"""The site has banned whoever holds the proxy."""

from __future__ import annotations

from dataclasses import dataclass

from harness.faults import Fuse
from harness.faults import fault
from harness.faults.credential._parts import on_credential


@fault("banned", on=("credential.proxy",), about="have the site ban the holder of the proxy")
@dataclass(frozen=True, slots=True)
class Banned:
    """Ban the holder: the site's doors and its decision point (SCAS, Argus) deny what is asked."""

    def install(self, trigger: Fuse) -> None:
        """Ban them when the trigger says."""
        world = trigger.world

        def ban() -> None:
            world.site.storages.distrust.banned.add(world.credentials.read().dn)

        on_credential(trigger, ban)
