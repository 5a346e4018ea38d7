"""The storage element says no."""

from __future__ import annotations

from dataclasses import dataclass

from fakesites.storage import StorageError
from harness.faults import Fuse
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work
from harness.faults.door._content import DoorCall
from simkernel import ScenarioError


@fault("error", on=("door.*",), about="say no: unavailable, missing, exists, space, denied …")
@dataclass(frozen=True, slots=True)
class Error:
    """Refuse with an error of *kind* (fakesites.storage.StorageError.KINDS) and *text*."""

    kind: str = "unavailable"
    text: str = ""

    def __post_init__(self) -> None:
        if self.kind not in StorageError.KINDS:
            remedy = f"use {', '.join(StorageError.KINDS)}"
            raise ScenarioError(f"kind = {self.kind!r}", remedy=remedy)

    def install(self, trigger: Fuse) -> None:
        """Stand in the door."""
        trigger.on_calls(self.around)

    def around(self, call: DoorCall, _proceed: Proceed) -> Work:
        """Refuse."""
        yield from ()
        raise StorageError(self.kind, call.path, self.text)
