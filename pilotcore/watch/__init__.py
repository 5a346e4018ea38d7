"""The watchdogs: each looks at one thing while the payload runs, and says what is wrong.

A watchdog is asked again after *every_s* seconds; it returns the failure for which the payload
must be killed, or None. What it cannot find out is no reason to kill anybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pilotcore.errors import Failure


@dataclass(frozen=True)
class View:
    """What a watchdog may look at: the job's directory, the payload, when that began (POSIX)."""

    directory: Path
    pid: int
    began: float


class Watchdog(Protocol):
    """One thing that is watched."""

    @property
    def every_s(self) -> float:
        """Return the seconds between two looks."""
        ...

    def look(self, view: View) -> Failure | None:
        """Return why the payload must be killed, or None."""
        ...
