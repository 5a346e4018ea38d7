"""The proxy file may be read by others, or by nobody."""

from __future__ import annotations

from dataclasses import dataclass

from harness.faults import Fuse
from harness.faults import fault
from harness.faults.credential._parts import on_credential


@fault("wrong_mode", on=("credential.proxy",), about="set the mode of the proxy file")
@dataclass(frozen=True, slots=True)
class WrongMode:
    """Give the proxy file the permission bits *mode*; grid tools refuse anything but 0o600."""

    mode: int = 0o644

    def install(self, trigger: Fuse) -> None:
        """Change the mode when the trigger says."""
        on_credential(trigger, lambda: trigger.world.credentials.set_mode(self.mode))
