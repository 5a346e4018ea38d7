"""A resource limit of jobs is too low."""

from __future__ import annotations

from dataclasses import dataclass

from fakesites.conditions import limits
from harness.faults import Fuse
from harness.faults import fault
from harness.faults.node._conditions import on_conditions
from simkernel import ScenarioError


@fault("low_limit", on=("node.limits",), about="lower a resource limit of jobs")
@dataclass(frozen=True, slots=True)
class LowLimit:
    """Let *limit* (nofile, nproc, …) be *value*, soft and hard."""

    limit: str = "nofile"
    value: int = 1024

    def __post_init__(self) -> None:
        known = limits()
        if self.limit not in known:
            raise ScenarioError(f"limit = {self.limit!r}", remedy=f"use {', '.join(known)}")

    def install(self, trigger: Fuse) -> None:
        """Lower it when the trigger says."""
        lowered = {self.limit: (self.value, self.value)}
        on_conditions(trigger, lambda conditions: conditions.limits.update(lowered))
