"""The node is overloaded: more runs on it than it has cores for."""

from __future__ import annotations

from dataclasses import dataclass

from harness.faults import Fuse
from harness.faults import fault


@fault("overload", on=("node.load",), about="put load on the node")
@dataclass(frozen=True, slots=True)
class Overload:
    """Add *load* to the node's load average; nothing runs more slowly for it."""

    load: float = 100.0

    def install(self, trigger: Fuse) -> None:
        """Add it when the trigger says."""

        def add(_pilot: str) -> None:
            trigger.world.node.extra_load += self.load

        trigger.on_moments(add)
