"""The storage element is read-only: somebody set it so, or its pools are drained."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from harness.faults import Fuse
from harness.faults import Site
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work
from harness.faults.door._content import DoorCall


@fault("read_only", on=("door.*",), about="let nothing be written, from this call on")
@dataclass(frozen=True, slots=True)
class ReadOnly:
    """Make the element read-only for *for_s* seconds (0: for ever)."""

    for_s: float = 0.0

    def install(self, trigger: Fuse) -> None:
        """Stand in the door."""
        trigger.on_calls(partial(self.around, site=trigger.world.site, trigger=trigger))

    def around(self, call: DoorCall, proceed: Proceed, *, site: Site, trigger: Fuse) -> Work:
        """Close the element for writing, then do what was asked."""
        element = site.storages[call.endpoint]
        element.readonly = True

        def open_again() -> None:
            element.readonly = False

        if self.for_s:
            trigger.after(self.for_s, open_again)
        return (yield from proceed())
