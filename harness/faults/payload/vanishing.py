"""Files in the work directory that are gone between being listed and being looked at."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from functools import partial

import simpy

from harness.faults import Fuse
from harness.faults import PayloadRun
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work
from harness.faults._world import Files
from harness.faults.payload._models import ON
from simkernel import Clock

# As guest/machine/listings.py has it, which is no module of typed Python.
VANISHING = ".vanishing"
# Whose lists of files the node makes; those of the pilot itself are made in guest/machine.
LISTING = ("tool.find", "tool.ls")


@fault("vanishing", on=ON, about="let files be gone as soon as somebody has listed them")
@dataclass(frozen=True, slots=True)
class Vanishing:
    """Keep *count* files in the work directory, made anew every *every_s* seconds.

    Each list of the directory that somebody makes costs one of them.
    """

    every_s: float = 60.0
    count: int = 8

    def install(self, trigger: Fuse) -> None:
        """Stand beside the payload, and behind whoever lists files."""
        trigger.on_calls(partial(self.around, trigger=trigger))

    def around(self, run: PayloadRun, proceed: Proceed, *, trigger: Fuse) -> Work:
        """Make the file again and again while the payload lives."""
        files, clock = run.call.node.files, trigger.world.clock
        names = (f"payload.lock.{number}{VANISHING}" for number in range(self.count))
        paths = [posixpath.join(run.call.cwd, name) for name in names]
        for point in LISTING:
            trigger.world.points.attach(point, partial(_removing, files=files, paths=paths))
        making = clock.process(self._make(files, paths, clock))
        try:
            return (yield from proceed())
        finally:
            if making.is_alive:
                making.interrupt()

    def _make(self, files: Files, paths: list[str], clock: Clock) -> Work:
        try:
            while True:
                for path in paths:
                    files.real(path).touch()
                    files.stamp(path)
                yield clock.timeout(self.every_s)
        except simpy.Interrupt:
            _remove(files, paths, len(paths))


def _removing(_call: object, proceed: Proceed, *, files: Files, paths: list[str]) -> Work:
    code = yield from proceed()
    _remove(files, paths, 1)
    return code


def _remove(files: Files, paths: list[str], count: int) -> None:
    there = [files.real(path) for path in paths if files.real(path).exists()]
    for real in there[:count]:
        real.unlink()
