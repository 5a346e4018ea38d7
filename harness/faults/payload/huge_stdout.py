"""The payload floods its standard output."""

from __future__ import annotations

import os
import posixpath
from dataclasses import dataclass
from functools import partial

import simpy

from harness.faults import Fuse
from harness.faults import PayloadRun
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work
from harness.faults.payload._models import ON
from harness.faults.payload._models import check_fraction
from simkernel import Clock


@fault("huge_stdout", on=ON, about="write far too much to standard output")
@dataclass(frozen=True, slots=True)
class HugeStdout:
    """Let *file*, to which the pilot sends the output, grow to *size_bytes*.

    It does so at once, after *fraction* of the walltime, and costs no space on the real disk.
    """

    size_bytes: int = 3_000_000_000
    file: str = "payload.stdout"
    fraction: float = 0.1

    def __post_init__(self) -> None:
        check_fraction(self.fraction)

    def install(self, trigger: Fuse) -> None:
        """Stand beside the payload."""
        trigger.on_calls(partial(self.around, clock=trigger.world.clock))

    def around(self, run: PayloadRun, proceed: Proceed, *, clock: Clock) -> Work:
        """Let the payload live, and its output grow meanwhile."""
        growth = clock.process(self._grow(run, clock))
        try:
            return (yield from proceed())
        finally:
            if growth.is_alive:
                growth.interrupt()

    def _grow(self, run: PayloadRun, clock: Clock) -> Work:
        try:
            yield clock.timeout(run.model.walltime_s * self.fraction)
        except simpy.Interrupt:
            return  # The payload ended before.
        files, path = run.call.node.files, posixpath.join(run.call.cwd, self.file)
        real = files.real(path)
        real.touch()
        # Only the size: lines that are written later go on where the last one ended.
        os.truncate(real, max(self.size_bytes, real.stat().st_size))
        files.stamp(path)
