"""The storage element is full, as its own report of space says, too."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from harness.faults import Fuse
from harness.faults import Site
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work
from harness.faults.door._content import DoorCall


@fault("full", on=("door.*",), about="let the element have no room, from this call on")
@dataclass(frozen=True, slots=True)
class Full:
    """Fill the element but for *left_bytes*, for *for_s* seconds (0: for ever)."""

    left_bytes: int = 0
    for_s: float = 0.0

    def install(self, trigger: Fuse) -> None:
        """Stand in the door."""
        trigger.on_calls(partial(self.around, site=trigger.world.site, trigger=trigger))

    def around(self, call: DoorCall, proceed: Proceed, *, site: Site, trigger: Fuse) -> Work:
        """Fill the element, then do what was asked."""
        volume = site.storages[call.endpoint].volume
        more = max(0, volume.free() - self.left_bytes)
        volume.used += more

        def make_room() -> None:
            volume.used -= more

        if self.for_s:
            trigger.after(self.for_s, make_room)
        return (yield from proceed())
