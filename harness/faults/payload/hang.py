"""The payload stops working and stays."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace

from harness.faults import Fuse
from harness.faults import fault
from harness.faults.payload._models import ON
from harness.faults.payload._models import change_model
from harness.faults.payload._models import check_fraction


@fault("hang", on=ON, about="work for a while, then do nothing and stay")
@dataclass(frozen=True, slots=True)
class Hang:
    """Hang after *fraction* of the walltime, touching nothing any more."""

    fraction: float = 0.5

    def __post_init__(self) -> None:
        check_fraction(self.fraction)

    def install(self, trigger: Fuse) -> None:
        """Change the payload before it begins."""
        change_model(
            trigger,
            lambda model: replace(model, hang_at_s=model.walltime_s * self.fraction),
        )
