"""A field of queuedata has a value that it should not have."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from harness.faults import Fuse
from harness.faults import fault
from harness.faults._world import Queuedata
from harness.faults.queuedata._fields import change_field


@fault("set", on=("queuedata.*",), about="set a field to a value of any type")
@dataclass(frozen=True, slots=True)
class Set:
    """Set the field to *value*; without a *queue* in every one."""

    value: object = ""
    queue: str = ""

    def install(self, trigger: Fuse) -> None:
        """Change the field when the trigger says."""
        change = partial(_set, value=self.value)
        change_field(trigger, queue=self.queue, change=change)


def _set(queuedata: Queuedata, field: str, *, value: object) -> None:
    queuedata[field] = value
