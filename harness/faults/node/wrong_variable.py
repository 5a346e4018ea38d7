"""A variable in the environment of a job has a value that it should not have."""

from __future__ import annotations

from dataclasses import dataclass

from harness.faults import Fuse
from harness.faults import fault
from harness.faults.node._conditions import on_conditions


@fault("wrong_variable", on=("node.environ",), about="set a variable of jobs' environment")
@dataclass(frozen=True, slots=True)
class WrongVariable:
    """Set *variable* to *value* for the jobs that start from now on."""

    variable: str = "HOME"
    value: str = "/nonexistent"

    def install(self, trigger: Fuse) -> None:
        """Set it when the trigger says."""
        changed = {self.variable: self.value}
        on_conditions(trigger, lambda conditions: conditions.environ.update(changed))
