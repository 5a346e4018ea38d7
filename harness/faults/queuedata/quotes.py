"""A value of queuedata carries quotes of its own: somebody pasted it with them."""

from __future__ import annotations

from dataclasses import dataclass

from harness.faults import Fuse
from harness.faults import fault
from harness.faults._world import Queuedata
from harness.faults.queuedata._fields import change_field


@fault("quotes", on=("queuedata.*",), about="put quotes around a value")
@dataclass(frozen=True, slots=True)
class Quotes:
    """Put a pair of quotes around the value; without a *queue* in every one."""

    queue: str = ""

    def install(self, trigger: Fuse) -> None:
        """Change the field when the trigger says."""
        change_field(trigger, queue=self.queue, change=_quote)


def _quote(queuedata: Queuedata, field: str) -> None:
    queuedata[field] = f'"{queuedata.get(field, "")}"'
