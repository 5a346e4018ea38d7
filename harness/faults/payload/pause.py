"""The payload is stopped together with its pilot, and goes on where it was."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace
from typing import Any

from harness.faults import Fuse
from harness.faults import fault
from harness.faults.payload._models import ON
from harness.faults.payload._models import change_model


@fault("pause", on=ON, about="do nothing for a while (SIGSTOP), then go on")
@dataclass(frozen=True, slots=True)
class Pause:
    """Work for *after_s*, stand still for *for_s*, and go on: no file is touched meanwhile.

    The payload's part of what ``suspend`` does to the pilot.
    """

    after_s: float = 300.0
    for_s: float = 1800.0

    def install(self, trigger: Fuse) -> None:
        """Stand before the payload."""
        change_model(trigger, self.changed)

    def changed(self, model: Any) -> Any:
        """Return *model* with the pause in it."""
        return replace(model, pause_at_s=self.after_s, pause_s=self.for_s)
