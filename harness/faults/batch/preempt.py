"""The batch system takes a slot back, and says so a little before."""

from __future__ import annotations

from dataclasses import dataclass
from signal import SIGTERM

from harness.faults import Fuse
from harness.faults import fault


@fault("preempt", on=("batch.kill",), about="take the slot back: SIGTERM, then SIGKILL")
@dataclass(frozen=True, slots=True)
class Preempt:
    """Send SIGTERM, and SIGKILL *notice_s* seconds later.

    It hits *pilot*, else the one whose phase begins, else all that run.
    """

    notice_s: float = 30.0
    pilot: str = ""

    def install(self, trigger: Fuse) -> None:
        """Strike when the trigger says."""
        batch = trigger.world.batch

        def strike(pilot: str) -> None:
            batch.preempt(pilot, notice_s=self.notice_s, signal=SIGTERM)

        trigger.on_pilots(strike, pilot=self.pilot)
