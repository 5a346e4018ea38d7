"""The server did it, and nobody heard: the answer is lost on its way back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from harness.faults import Fuse
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work
from harness.faults._waits import RESET
from harness.faults._waits import check_way
from harness.faults._waits import lost
from simkernel import Clock
from simkernel import Request


@fault("answer_lost", on=("server.*",), about="do the work, lose the answer")
@dataclass(frozen=True, slots=True)
class AnswerLost:
    """Let the request take effect; *how* the answer is lost: ``reset`` or ``silence``."""

    how: str = RESET

    def __post_init__(self) -> None:
        check_way(self.how)

    def install(self, trigger: Fuse) -> None:
        """Stand behind the endpoint."""
        trigger.on_calls(partial(self.around, clock=trigger.world.clock))

    def around(self, _request: Request, proceed: Proceed, *, clock: Clock) -> Work:
        """Let the request through, then lose the answer."""
        yield from proceed()
        return (yield from lost(clock, how=self.how))
