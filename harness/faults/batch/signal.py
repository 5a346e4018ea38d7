"""The batch system signals pilots."""

from __future__ import annotations

import math
from dataclasses import dataclass

from harness.faults import Fuse
from harness.faults import fault
from harness.faults._signals import signal_number


@fault("signal", on=("batch.kill",), about="signal pilots; SIGKILL follows after the notice")
@dataclass(frozen=True, slots=True)
class Signal:
    """Send *signal*, and SIGKILL *notice_s* seconds later (0: never).

    It hits *pilot*, else the one whose phase begins, else all that run.
    """

    signal: str = "SIGTERM"
    notice_s: float = 0.0
    pilot: str = ""

    def __post_init__(self) -> None:
        signal_number(self.signal)

    def install(self, trigger: Fuse) -> None:
        """Signal when the trigger says."""
        batch, number = trigger.world.batch, signal_number(self.signal)
        notice_s = self.notice_s or math.inf

        def strike(pilot: str) -> None:
            batch.preempt(pilot, notice_s=notice_s, signal=number)

        trigger.on_pilots(strike, pilot=self.pilot)
