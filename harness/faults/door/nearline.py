"""The file is on tape only: who reads it waits until it is on disk."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from fakesites.site_events import STORAGE_STAGED
from harness.faults import Fuse
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work
from harness.faults._world import World
from harness.faults.door._content import DoorCall


@fault("nearline", on=("door.*",), about="have the file on tape: reading waits for its staging")
@dataclass(frozen=True, slots=True)
class Nearline:
    """Take *stage_s* seconds to bring the file to disk before it is read; it stays there."""

    stage_s: float = 1800.0

    def install(self, trigger: Fuse) -> None:
        """Stand in the door; only what is read counts."""
        trigger.on_calls(partial(self.around, world=trigger.world), counts=is_get)

    def around(self, call: DoorCall, proceed: Proceed, *, world: World) -> Work:
        """Stage the file, then read it."""
        yield world.clock.timeout(self.stage_s)
        world.journal.emit(
            STORAGE_STAGED,
            who=call.endpoint,
            endpoint=call.endpoint,
            path=call.path,
            seconds=self.stage_s,
            by=call.by,
        )
        return (yield from proceed())


def is_get(call: DoorCall) -> bool:
    """Tell whether *call* reads a file."""
    return call.action == "get"
