"""The batch system loses a node, and starts the same pilot once more."""

from __future__ import annotations

from dataclasses import dataclass

from harness.faults import Fuse
from harness.faults import fault


@fault("rerun", on=("batch.kill",), about="kill without notice, and start the same pilot again")
@dataclass(frozen=True, slots=True)
class Rerun:
    """Kill the pilot without notice; the batch system starts it anew, after the usual delay.

    It hits *pilot*, else the one whose phase begins, else all that run.
    """

    pilot: str = ""

    def install(self, trigger: Fuse) -> None:
        """Strike when the trigger says."""
        batch = trigger.world.batch
        trigger.on_pilots(batch.rerun, pilot=self.pilot)
