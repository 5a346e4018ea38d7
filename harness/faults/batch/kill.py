"""The batch system kills without notice, as a node that loses power does."""

from __future__ import annotations

from dataclasses import dataclass
from signal import SIGKILL

from harness.faults import Fuse
from harness.faults import fault


@fault("kill", on=("batch.kill",), about="kill without notice: SIGKILL at once")
@dataclass(frozen=True, slots=True)
class Kill:
    """Send SIGKILL to *pilot*, else to the one whose phase begins, else to all that run."""

    pilot: str = ""

    def install(self, trigger: Fuse) -> None:
        """Strike when the trigger says."""
        batch = trigger.world.batch

        def strike(pilot: str) -> None:
            batch.preempt(pilot, notice_s=0.0, signal=SIGKILL)

        trigger.on_pilots(strike, pilot=self.pilot)
