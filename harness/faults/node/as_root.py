"""Jobs are not mapped to an account: they run as root."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace

from harness.faults import Fuse
from harness.faults import fault


@fault("as_root", on=("node.account",), about="let jobs run as root")
@dataclass(frozen=True, slots=True)
class AsRoot:
    """Let root be the user of the jobs that start from now on."""

    def install(self, trigger: Fuse) -> None:
        """Change the user when the trigger says."""

        def promote(_pilot: str) -> None:
            node = trigger.world.node
            node.spec = replace(node.spec, user="root", uid=0, group="root", gid=0)

        trigger.on_moments(promote)
