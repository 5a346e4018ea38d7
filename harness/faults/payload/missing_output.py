"""The payload exits with 0, and an output is not there."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace

from harness.faults import Fuse
from harness.faults import fault
from harness.faults.payload._models import ON
from harness.faults.payload._models import change_model
from harness.faults.payload._models import outputs_named


@fault("missing_output", on=ON, about="leave outputs out, exit as always")
@dataclass(frozen=True, slots=True)
class MissingOutput:
    """Leave out the outputs whose names match *file*."""

    file: str = "*"

    def install(self, trigger: Fuse) -> None:
        """Change the payload before it begins."""
        change_model(
            trigger,
            lambda model: replace(
                model, missing=(*model.missing, *outputs_named(model, self.file))
            ),
        )
