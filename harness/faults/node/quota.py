"""The quota of a folder is used up, on a disk that has room."""

from __future__ import annotations

from dataclasses import dataclass

from harness.faults import Fuse
from harness.faults import fault
from harness.faults.node._conditions import WORK


@fault("quota", on=("node.disk",), about="refuse to write in one folder, and show free space")
@dataclass(frozen=True, slots=True)
class Quota:
    """Refuse (EDQUOT) what is written below *path*; df goes on to tell of free space."""

    path: str = WORK

    def install(self, trigger: Fuse) -> None:
        """Use the quota up when the trigger says."""
        trigger.on_moments(lambda _pilot: trigger.world.node.files.over_quota.add(self.path))
