"""A field of queuedata is null, as an unset one in the catalogue is."""

from __future__ import annotations

from dataclasses import dataclass

from harness.faults import Fuse
from harness.faults import fault
from harness.faults._world import Queuedata
from harness.faults.queuedata._fields import change_field


@fault("null", on=("queuedata.*",), about="set a field to null")
@dataclass(frozen=True, slots=True)
class Null:
    """Set the field to null; without a *queue* in every one."""

    queue: str = ""

    def install(self, trigger: Fuse) -> None:
        """Change the field when the trigger says."""
        change_field(trigger, queue=self.queue, change=_nullify)


def _nullify(queuedata: Queuedata, field: str) -> None:
    queuedata[field] = None
