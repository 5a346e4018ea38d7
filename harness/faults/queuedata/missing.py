"""A field of queuedata is not there at all."""

from __future__ import annotations

from dataclasses import dataclass

from harness.faults import Fuse
from harness.faults import fault
from harness.faults._world import Queuedata
from harness.faults.queuedata._fields import change_field


@fault("missing", on=("queuedata.*",), about="leave a field out")
@dataclass(frozen=True, slots=True)
class Missing:
    """Leave the field out; without a *queue* in every one."""

    queue: str = ""

    def install(self, trigger: Fuse) -> None:
        """Change the field when the trigger says."""
        change_field(trigger, queue=self.queue, change=_leave_out)


def _leave_out(queuedata: Queuedata, field: str) -> None:
    queuedata.pop(field, None)
