"""What was written is not to be seen for a while, as behind a slow namespace."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from harness.faults import Fuse
from harness.faults import Site
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work
from harness.faults.door._content import DoorCall


@fault("unseen", on=("door.*",), about="keep what is written out of sight for a while")
@dataclass(frozen=True, slots=True)
class Unseen:
    """Keep a file that is written out of sight for *for_s* seconds; the copy itself is fine."""

    for_s: float = 300.0

    def install(self, trigger: Fuse) -> None:
        """Stand in the door; only what is written counts."""
        trigger.on_calls(partial(self.around, site=trigger.world.site), counts=is_put)

    def around(self, call: DoorCall, proceed: Proceed, *, site: Site) -> Work:
        """Let it be written, and hide it."""
        stored = yield from proceed()
        site.storages[call.endpoint].hide(call.path, for_s=self.for_s)
        return stored


def is_put(call: DoorCall) -> bool:
    """Tell whether *call* writes a file."""
    return call.action == "put"
