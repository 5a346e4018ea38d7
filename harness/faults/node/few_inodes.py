"""Left-over jobs have taken the inodes of the work disk: df shows space all the same."""

from __future__ import annotations

from dataclasses import dataclass

from fakesites.conditions import Conditions
from harness.faults import Fuse
from harness.faults import fault
from harness.faults.node._conditions import on_conditions
from simkernel import ScenarioError


@fault("few_inodes", on=("node.disk",), about="leave few inodes on the work disk")
@dataclass(frozen=True, slots=True)
class FewInodes:
    """Leave *left* inodes, at least one: a disk that takes no file at all is not modelled."""

    left: int = 500

    def __post_init__(self) -> None:
        if self.left < 1:
            remedy = "use disk_full or quota for a disk that takes no more files"
            raise ScenarioError(f"left = {self.left}", remedy=remedy)

    def install(self, trigger: Fuse) -> None:
        """Take the others when the trigger says."""
        on_conditions(trigger, self.take)

    def take(self, conditions: Conditions) -> None:
        """Take all but those that are left."""
        conditions.free_inodes = self.left
