"""The work disk was mounted noexec: files can be written there, and not be run."""

from __future__ import annotations

from dataclasses import dataclass

from harness.faults import Fuse
from harness.faults import fault
from harness.faults.node._conditions import WORK
from harness.faults.node._conditions import on_conditions


@fault("noexec", on=("node.disk",), about="let no program in a folder be run")
@dataclass(frozen=True, slots=True)
class Noexec:
    """Let nothing below *path* be run; a shell may still read a script there."""

    path: str = WORK

    def install(self, trigger: Fuse) -> None:
        """Remount when the trigger says."""
        on_conditions(trigger, lambda conditions: conditions.noexec.add(self.path))
