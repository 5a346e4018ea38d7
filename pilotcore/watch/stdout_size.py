"""A payload whose output on stdout and stderr grows beyond all measure fills the disk.

Read from pilot3@a090538b:pilot/util/monitoring.py#check_payload_stdout (2 GB).
"""

from __future__ import annotations

from pilotcore.errors import Failure
from pilotcore.watch import View

LIMIT = 2 * 1024**3
NAMES = ("payload.stdout", "payload.stderr")


class StdoutSize:
    """Looks at the size of the payload's output files."""

    def __init__(self, *, every_s: float, limit: int = LIMIT) -> None:
        self.every_s = every_s
        self._limit = limit

    def look(self, view: View) -> Failure | None:
        """Return failure 1106 if one of them is larger than the limit (bytes)."""
        for name in NAMES:
            path = view.directory / name
            size = path.stat().st_size if path.is_file() else 0
            if size > self._limit:
                return Failure(1106, f"{name} has {size} bytes, the limit is {self._limit}")
        return None
