"""The payload leaves a report of itself that its pilot has to read."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace
from typing import Any

from harness.faults import Fuse
from harness.faults import fault
from harness.faults.payload._models import ON
from harness.faults.payload._models import change_model

REPORT = "jobReport.json"


@fault("report", on=ON, about="leave a jobReport.json with a text of the scenario's")
@dataclass(frozen=True, slots=True)
class Report:
    """Leave *text* as jobReport.json: JSON of any shape, or no JSON at all."""

    text: str = "{}"

    def install(self, trigger: Fuse) -> None:
        """Stand before the payload."""
        change_model(trigger, self.changed)

    def changed(self, model: Any) -> Any:
        """Return *model* with that report among its files."""
        return replace(model, reports=(*model.reports, (REPORT, self.text)))
