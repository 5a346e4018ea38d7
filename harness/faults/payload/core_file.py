"""A core file lies in the work directory: of the payload that crashed, or of somebody else."""

from __future__ import annotations

import os
import posixpath
from dataclasses import dataclass

from harness.faults import Fuse
from harness.faults import PayloadRun
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work
from harness.faults.payload._models import ON

MAGIC = b"\x7fELF"


@fault("core_file", on=ON, about="leave a core file of some process in the work directory")
@dataclass(frozen=True, slots=True)
class CoreFile:
    """Leave ``core.<pid>`` of *size_bytes*; *pid* 0 stands for the payload's own."""

    pid: int = 0
    size_bytes: int = 1_000_000

    def install(self, trigger: Fuse) -> None:
        """Stand around the payload."""
        trigger.on_calls(self.around)

    def around(self, run: PayloadRun, proceed: Proceed) -> Work:
        """Drop the file as the payload begins."""
        pid = self.pid or run.call.pid
        files, path = run.call.node.files, posixpath.join(run.call.cwd, f"core.{pid}")
        real = files.real(path)
        real.write_bytes(MAGIC)
        os.truncate(real, max(self.size_bytes, len(MAGIC)))
        files.stamp(path)
        return (yield from proceed())
