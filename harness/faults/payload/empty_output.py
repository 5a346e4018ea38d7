"""The payload exits with 0, and an output has no byte."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace
from typing import Any

from harness.faults import Fuse
from harness.faults import fault
from harness.faults.payload._models import ON
from harness.faults.payload._models import change_model
from harness.faults.payload._models import outputs_named


@fault("empty_output", on=ON, about="leave outputs empty, exit as always")
@dataclass(frozen=True, slots=True)
class EmptyOutput:
    """Leave the outputs whose names match *file* empty."""

    file: str = "*"

    def install(self, trigger: Fuse) -> None:
        """Change the payload before it begins."""
        change_model(trigger, self._emptied)

    def _emptied(self, model: Any) -> Any:
        names = outputs_named(model, self.file)
        outputs = tuple((name, 0 if name in names else size) for name, size in model.outputs)
        return replace(model, outputs=outputs)
