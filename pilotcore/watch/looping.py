"""A payload that touches no file for too long is looping.

The newest modification time in the work directory counts; what was never touched counts from
the payload's start. A process that is stopped (SIGSTOP by the batch system) is not looping, and
neither was it when it goes on: who did not look for long was stopped himself, and counts from
then on (INC-045). Read from pilot3@a090538b:pilot/util/loopingjob.py.
"""

from __future__ import annotations

from pathlib import Path

from pilotcore.commands import run
from pilotcore.errors import Failure
from pilotcore.files import sizes_and_times
from pilotcore.platform import Command
from pilotcore.platform import Platform
from pilotcore.watch import View

EVERY_S = 900.0
LIMIT_S = 7200.0
PS_TIMEOUT_S = 30.0
# What a look may be late on a busy node.
LATE_S = 300.0


def newest(directory: Path) -> float:
    """Return the newest modification time of any file below *directory*; 0 if there is none."""
    return max((touched for _, touched in sizes_and_times(directory)), default=0.0)


class Looping:
    """Looks whether anything in the work directory moves."""

    every_s = EVERY_S

    def __init__(self, platform: Platform, *, limit_s: float = 0.0) -> None:
        self._platform = platform
        self._limit_s = max(limit_s, LIMIT_S) if limit_s else LIMIT_S
        self._looked = platform.now()
        self._resumed = 0.0

    def look(self, view: View) -> Failure | None:
        """Return failure 1150 if nothing was touched within the limit."""
        now = self._platform.now()
        if now - self._looked > self.every_s + LATE_S:
            self._resumed = now
        self._looked = now
        idle_s = now - max(view.began, newest(view.directory), self._resumed)
        if idle_s < self._limit_s or self._stopped(view.pid):
            return None
        text = f"no file touched for {idle_s:.0f} s, the limit is {self._limit_s:.0f} s"
        return Failure(1150, text)

    def _stopped(self, pid: int) -> bool:
        command = Command(("ps", "-o", "stat=", "-p", str(pid)))
        outcome = run(self._platform, command, timeout_s=PS_TIMEOUT_S)
        return not outcome.code and outcome.stdout.strip().startswith("T")
