"""Changing one field of queuedata, in every queue or in one."""

from __future__ import annotations

from typing import Callable

from harness.faults._fuse import Fuse
from harness.faults._world import Queuedata
from simkernel import ScenarioError
from simkernel import nearest

Change = Callable[[Queuedata, str], None]


def change_field(trigger: Fuse, *, queue: str, change: Change) -> None:
    """Apply *change* to the field that the fault stands on, when the trigger says.

    An empty *queue* means every queue. Raises ScenarioError for one that the server lacks.
    """
    queues = trigger.world.server.queues
    if queue and queue not in queues:
        close = nearest(queue, queues)
        remedy = f"did you mean {close[0]!r}?" if close else f"known: {', '.join(sorted(queues))}"
        raise ScenarioError(f"unknown queue {queue!r}", where=trigger.where, remedy=remedy)
    field = trigger.plan.on.partition(".")[2]

    def strike(_pilot: str) -> None:
        for name in [queue] if queue else sorted(queues):
            change(queues[name], field)

    trigger.on_moments(strike)
