"""Programs are in one folder of the system only, where not every PATH leads."""

from __future__ import annotations

from dataclasses import dataclass

from harness.faults import Fuse
from harness.faults import fault
from harness.faults.node._conditions import on_conditions


@fault("only_in", on=("node.tools",), about="let programs be in one folder of the system only")
@dataclass(frozen=True, slots=True)
class OnlyIn:
    """Let *tools* be in *folder*, and in none of the others that programs are found in."""

    tools: tuple[str, ...] = ("xrdcp",)
    folder: str = "/usr/sbin"

    def install(self, trigger: Fuse) -> None:
        """Move them when the trigger says."""
        places = {tool: f"{self.folder}/{tool}" for tool in self.tools}
        on_conditions(trigger, lambda conditions: conditions.places.update(places))
