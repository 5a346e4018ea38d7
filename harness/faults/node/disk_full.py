"""The work disk is full, or nearly."""

from __future__ import annotations

from dataclasses import dataclass

from harness.faults import Fuse
from harness.faults import Node
from harness.faults import fault


@fault("disk_full", on=("node.disk",), about="leave no space, or little, on the work disk")
@dataclass(frozen=True, slots=True)
class DiskFull:
    """Leave *free_bytes* on the disk; give the rest back after *lasting_s* seconds (0: never)."""

    free_bytes: int = 0
    lasting_s: float = 0.0

    def install(self, trigger: Fuse) -> None:
        """Fill the disk when the trigger says."""

        def fill(_pilot: str) -> None:
            ballast = max(0, trigger.world.node.free_bytes() - self.free_bytes)
            _load(trigger.world.node, ballast)
            if self.lasting_s:
                trigger.after(self.lasting_s, lambda: _load(trigger.world.node, -ballast))

        trigger.on_moments(fill)


def _load(node: Node, ballast_bytes: int) -> None:
    node.files.ballast_bytes += ballast_bytes
