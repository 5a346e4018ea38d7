"""The host has a name that nobody else can use."""

from __future__ import annotations

from dataclasses import dataclass

from fakesites.conditions import Conditions
from harness.faults import Fuse
from harness.faults import fault
from harness.faults.node._conditions import on_conditions


@fault("wrong_name", on=("node.hostname",), about="let the host call itself by a wrong name")
@dataclass(frozen=True, slots=True)
class WrongName:
    """Let the host call itself *name*."""

    name: str = "localhost.localdomain"

    def install(self, trigger: Fuse) -> None:
        """Rename the host when the trigger says."""
        on_conditions(trigger, self.rename)

    def rename(self, conditions: Conditions) -> None:
        """Rename the host."""
        conditions.hostname = self.name
