"""There is no proxy file."""

from __future__ import annotations

from dataclasses import dataclass

from harness.faults import Fuse
from harness.faults import fault


@fault("missing", on=("credential.proxy",), about="remove the proxy file")
@dataclass(frozen=True, slots=True)
class Missing:
    """Remove the proxy file."""

    def install(self, trigger: Fuse) -> None:
        """Remove it when the trigger says."""
        trigger.on_moments(lambda _pilot: trigger.world.credentials.remove())
