"""The work directory has a limit, and the disk an end.

The queue's maxwdir is for a job that fills the queue's slot: one with fewer cores has its share
of it (INC-021: neither an eighth nor all). Read from
pilot3@a090538b:pilot/util/monitoring.py#check_work_dir, #check_local_space.
"""

from __future__ import annotations

from pathlib import Path

from pilotcore.commands import run
from pilotcore.definitions import Queue
from pilotcore.errors import Failure
from pilotcore.files import sizes_and_times
from pilotcore.platform import Command
from pilotcore.platform import Platform
from pilotcore.watch import View

DF_TIMEOUT_S = 60.0
LISTING = "workdir.listing.txt"
MB = 1 << 20
FREE_AT_START = 2048 * MB
FREE_WHILE_RUNNING = 1024 * MB
WORKDIR_MAX = (14336 + 2000) * MB


def workdir_limit(queue: Queue, *, cores: int) -> int:
    """Return the bytes that the work directory of a job with *cores* cores may have."""
    if not queue.workdir_max:
        return WORKDIR_MAX
    return queue.workdir_max * min(cores, queue.cores) // queue.cores


def size_of(directory: Path) -> int:
    """Return the bytes of all files below *directory*, by their apparent sizes."""
    return sum(size for size, _ in sizes_and_times(directory))


def free_bytes(platform: Platform, directory: Path) -> int | None:
    """Return the bytes free where *directory* is, or None if df cannot tell."""
    command = Command(("df", "-mP", str(directory)))
    outcome = run(platform, command, timeout_s=DF_TIMEOUT_S)
    lines = outcome.stdout.strip().splitlines()
    if outcome.code or len(lines) < 2:
        return None
    columns = lines[-1].split()
    return int(columns[3]) * MB if len(columns) > 3 and columns[3].isdigit() else None


class Disk:
    """Looks at the size of the work directory and at the space that is left."""

    def __init__(self, platform: Platform, *, every_s: float, limit: int) -> None:
        self.every_s = every_s
        self._platform = platform
        self._limit = limit

    def look(self, view: View) -> Failure | None:
        """Return failure 1104 or 1098 if there is too much of one or too little of the other."""
        size = size_of(view.directory)
        if size > self._limit:
            text = f"{size} bytes in the work directory, the limit is {self._limit}"
            self._show(view.directory)
            return Failure(1104, text)
        free = free_bytes(self._platform, view.directory)
        if free is not None and free < FREE_WHILE_RUNNING:
            return Failure(1098, f"{free} bytes free, {FREE_WHILE_RUNNING} are needed")
        return None

    def _show(self, directory: Path) -> int:
        """Leave a list of what is there; its exit code is nobody's error (INC-031)."""
        command = Command(("ls", "-altr", str(directory)), stdout=directory / LISTING)
        return run(self._platform, command, timeout_s=DF_TIMEOUT_S).code
