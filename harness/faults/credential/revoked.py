"""The CA has revoked the certificate behind the proxy."""

from __future__ import annotations

from dataclasses import dataclass

from harness.faults import Fuse
from harness.faults import fault
from harness.faults.credential._parts import on_credential


@fault(
    "revoked",
    on=("credential.proxy",),
    about="put the holder's certificate on the list of the CA, which servers have",
)
@dataclass(frozen=True, slots=True)
class Revoked:
    """Revoke the holder's certificate: doors, servers and gLExec refuse every proxy of it."""

    def install(self, trigger: Fuse) -> None:
        """Revoke it when the trigger says."""
        world = trigger.world

        def revoke() -> None:
            holder = world.credentials.read().chain.holder
            if holder is not None:
                world.site.storages.distrust.revoke(holder, now=world.clock.wall())

        on_credential(trigger, revoke)
