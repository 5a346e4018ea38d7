"""The environment of a job lacks a variable."""

from __future__ import annotations

from dataclasses import dataclass

from harness.faults import Fuse
from harness.faults import fault
from harness.faults.node._conditions import on_conditions


@fault("unset_variable", on=("node.environ",), about="take a variable out of jobs' environment")
@dataclass(frozen=True, slots=True)
class UnsetVariable:
    """Unset *variable* for the jobs that start from now on."""

    variable: str = "PATH"

    def install(self, trigger: Fuse) -> None:
        """Unset it when the trigger says."""
        on_conditions(trigger, lambda conditions: conditions.environ.update({self.variable: ""}))
