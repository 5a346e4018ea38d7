"""The batch system holds a pilot for a while, and releases it."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import Any

from harness.faults import Fuse
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work


@fault("hold", on=("batch.start",), about="hold a pilot that was to start, and release it later")
@dataclass(frozen=True, slots=True)
class Hold:
    """Hold *pilot*, or any pilot if no name is given, for *for_s* seconds; each of them once.

    Its slot goes to the next one meanwhile. After the release it waits as a new one does.
    """

    for_s: float = 3600.0
    pilot: str = ""
    _held: set[str] = field(default_factory=set, init=False)

    def install(self, trigger: Fuse) -> None:
        """Stand before the start."""

        def counts(call: Any) -> bool:
            return self.pilot in ("", call.pilot) and call.pilot not in self._held

        def around(call: Any, _proceed: Proceed) -> Work:
            yield from ()
            self._held.add(call.pilot)
            batch = trigger.world.batch
            trigger.after(self.for_s, lambda: batch.release(call.pilot))

        trigger.on_calls(around, counts=counts)
