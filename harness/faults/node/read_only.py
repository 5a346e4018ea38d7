"""The work disk was remounted read-only, as Linux does after an I/O error."""

from __future__ import annotations

from dataclasses import dataclass

from harness.faults import Fuse
from harness.faults import Node
from harness.faults import fault


@fault("read_only", on=("node.disk",), about="refuse every write on the work disk")
@dataclass(frozen=True, slots=True)
class ReadOnly:
    """Refuse every write; allow them again after *lasting_s* seconds (0: never)."""

    lasting_s: float = 0.0

    def install(self, trigger: Fuse) -> None:
        """Remount the disk when the trigger says."""

        def remount(_pilot: str) -> None:
            _set(trigger.world.node, read_only=True)
            if self.lasting_s:
                trigger.after(self.lasting_s, lambda: _set(trigger.world.node, read_only=False))

        trigger.on_moments(remount)


def _set(node: Node, *, read_only: bool) -> None:
    node.files.read_only = read_only
