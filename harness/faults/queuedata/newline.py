"""A value of queuedata ends in a newline: somebody pasted it with one."""

from __future__ import annotations

from dataclasses import dataclass

from harness.faults import Fuse
from harness.faults import fault
from harness.faults._world import Queuedata
from harness.faults.queuedata._fields import change_field


@fault("newline", on=("queuedata.*",), about="put a newline after a value")
@dataclass(frozen=True, slots=True)
class Newline:
    """Put a newline after the value; without a *queue* in every one."""

    queue: str = ""

    def install(self, trigger: Fuse) -> None:
        """Change the field when the trigger says."""
        change_field(trigger, queue=self.queue, change=_lengthen)


def _lengthen(queuedata: Queuedata, field: str) -> None:
    queuedata[field] = f"{queuedata.get(field, '')}\n"
