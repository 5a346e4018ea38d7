"""The batch system stops pilots for a while and lets them go on, as it does for a better job."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from harness.faults import Fuse
from harness.faults import fault


@fault("suspend", on=("batch.kill",), about="stop pilots (SIGSTOP), and let them go on later")
@dataclass(frozen=True, slots=True)
class Suspend:
    """Send SIGSTOP, and SIGCONT *for_s* seconds later: only the time of the world goes on.

    It hits *pilot*, else the one whose phase begins, else all that run. Not modelled: that the
    processes which a pilot has started are stopped, too.
    """

    for_s: float = 1800.0
    pilot: str = ""

    def install(self, trigger: Fuse) -> None:
        """Stop them when the trigger says."""
        clock, batch = trigger.world.clock, trigger.world.batch

        def strike(pilot: str) -> None:
            batch.suspend(pilot)
            clock.process(go_on(pilot))

        def go_on(pilot: str) -> Any:
            yield clock.timeout(self.for_s)
            batch.resume(pilot)

        trigger.on_pilots(strike, pilot=self.pilot)
