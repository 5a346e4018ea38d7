"""The payload leaves folders behind, with files in them."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass

from harness.faults import Fuse
from harness.faults import PayloadRun
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work
from harness.faults.payload._models import ON

CONTENT = "content.txt"


@fault("folders", on=ON, about="leave folders in the work directory")
@dataclass(frozen=True, slots=True)
class Folders:
    """Make the folders *names* in the work directory, each with a file of *size_bytes*."""

    names: tuple[str, ...] = ("tmp", "geomDB", "sqlite200")
    size_bytes: int = 1000

    def install(self, trigger: Fuse) -> None:
        """Stand around the payload."""
        trigger.on_calls(self.around)

    def around(self, run: PayloadRun, proceed: Proceed) -> Work:
        """Make them as the payload begins."""
        files = run.call.node.files
        for name in self.names:
            folder = posixpath.join(run.call.cwd, name)
            files.real(folder).mkdir(parents=True, exist_ok=True)
            (files.real(folder) / CONTENT).write_bytes(b"x" * self.size_bytes)
            files.stamp(f"{folder}/{CONTENT}")
            files.stamp(folder)
        return (yield from proceed())
