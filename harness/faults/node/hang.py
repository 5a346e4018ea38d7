"""A mount is dead: whoever asks about a file there waits for ever."""

from __future__ import annotations

from dataclasses import dataclass

from harness.faults import Fuse
from harness.faults import fault
from harness.faults.node._conditions import FOLDERS
from harness.faults.node._conditions import folder_of
from harness.faults.node._conditions import on_conditions


@fault("hang", on=tuple(FOLDERS), about="never answer a question about a folder outside of /srv")
@dataclass(frozen=True, slots=True)
class Hang:
    """Let the folder *path* hang, by default all that the point stands for.

    Site checks see it; tools of the node know no more of these folders than the texts in them.
    """

    path: str = ""

    def install(self, trigger: Fuse) -> None:
        """Let the mount die when the trigger says."""
        path = folder_of(trigger, self.path)
        on_conditions(trigger, lambda conditions: conditions.hanging.add(path))
