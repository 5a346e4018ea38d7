"""Programs that a worker node should have are not installed."""

from __future__ import annotations

from dataclasses import dataclass

from harness.faults import Fuse
from harness.faults import fault


@fault("not_installed", on=("node.tools",), about="let programs not be installed")
@dataclass(frozen=True, slots=True)
class NotInstalled:
    """Let *tools* not be found by whoever calls them from now on."""

    tools: tuple[str, ...] = ("curl",)

    def install(self, trigger: Fuse) -> None:
        """Remove them when the trigger says."""
        trigger.on_moments(lambda _pilot: trigger.world.node.missing.update(self.tools))
