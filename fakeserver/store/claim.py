"""One server at a time: a lock beside the file, which the kernel gives back when a process dies."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from simkernel import ScenarioError

ENDING = ".lock"


class Claim:
    """The right to a file, until closed or until the process ends, however it ends."""

    def __init__(self, path: Path) -> None:
        """Claim *path*. Raises ScenarioError if another process has it, or it cannot be had."""
        place = path.with_name(path.name + ENDING)
        try:
            self._descriptor = os.open(place, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise ScenarioError(f"cannot be written: {error.strerror}", where=str(path)) from error
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._descriptor)
            raise ScenarioError(
                "another server has this store", where=str(path), remedy="stop it, or take a copy"
            ) from error

    def close(self) -> None:
        """Give the file back; a second time is nothing."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
