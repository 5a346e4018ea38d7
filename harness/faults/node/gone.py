"""A folder that the node should have is not there: not mounted, or not installed."""

from __future__ import annotations

import shutil
from dataclasses import dataclass

from fakesites.conditions import is_in
from harness.faults import Fuse
from harness.faults import fault
from harness.faults.node._conditions import FOLDERS
from harness.faults.node._conditions import folder_of


@fault("gone", on=tuple(FOLDERS), about="let a folder outside of /srv not be there")
@dataclass(frozen=True, slots=True)
class Gone:
    """Let the folder *path* be gone, by default all that the point stands for."""

    path: str = ""

    def install(self, trigger: Fuse) -> None:
        """Take the folder away when the trigger says."""
        path = folder_of(trigger, self.path)

        def take_away(_pilot: str) -> None:
            node = trigger.world.node
            node.conditions.lose(path)
            for name in [name for name in node.mounted if is_in(name, [path])]:
                del node.mounted[name]
            if node.files.is_mounted(path):
                shutil.rmtree(node.files.real(path), ignore_errors=True)

        trigger.on_moments(take_away)
