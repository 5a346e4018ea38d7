"""The heartbeat of a job: a thread of its own, in every phase, whatever happens.

The server takes a job for lost that says nothing for three hours. Long stage-ins (INC-009),
slow log transfers (INC-019) and dead monitor threads have cost jobs that way. So: one thread
from before stage-in until the final update, which does nothing else; an update that fails is
repeated soon; an exception is recorded and survived.
"""

from __future__ import annotations

import traceback
from typing import Callable
from typing import Iterator

from pilotcore.logbook import Logbook
from pilotcore.platform import Platform
from pilotcore.platform import Task
from pilotcore.server import Reply

LOST_S = 10800.0
RETRY_S = (60.0, 120.0, 300.0)
STOP_S = 30.0


class Heartbeat:
    """Sends updates at least every *interval_s* seconds between begin() and stop()."""

    def __init__(
        self,
        platform: Platform,
        log: Logbook,
        *,
        send: Callable[[], Reply],
        lost: Callable[[float], None],
        interval_s: float,
    ) -> None:
        self.interval_s = interval_s
        self._platform = platform
        self._log = log
        self._send = send
        self._lost = lost
        self._wake = platform.flag()
        self._over = False
        self._task: Task | None = None
        self._accepted_at = platform.monotonic()
        self._failures = 0

    def begin(self, *, accepted: bool) -> None:
        """Start to beat; *accepted* tells whether the job's first update was."""
        self._failures = 0 if accepted else 1
        self._accepted_at = self._platform.monotonic()
        self._task = self._platform.attend(self._live, wake=self._wake, name="heartbeat")

    def poke(self) -> None:
        """Send an update now: the job has entered a new phase."""
        self._wake.set()

    def stop(self) -> None:
        """Send nothing more; wait a little for an update that is just being sent."""
        self._over = True
        self._wake.set()
        if self._task is not None:
            self._task.join(STOP_S)

    def _pause_s(self) -> float:
        if not self._failures:
            return self.interval_s
        return min(self.interval_s, RETRY_S[min(self._failures, len(RETRY_S)) - 1])

    def _live(self) -> Iterator[float]:
        while not self._over:
            yield self._pause_s()
            if self._over:
                return
            self._wake.clear()
            try:
                self._beat()
            except Exception:  # noqa: BLE001
                # Whatever it was: without this thread the job would be lost as well.
                self._failures += 1
                self._log.error(f"heartbeat: {traceback.format_exc()}")

    def _beat(self) -> None:
        reply = self._send()
        now = self._platform.monotonic()
        if reply.accepted:
            self._failures, self._accepted_at = 0, now
            return
        self._failures += 1
        self._log.warning(f"heartbeat not accepted: {reply.why}")
        if now - self._accepted_at > LOST_S:
            self._lost(now - self._accepted_at)
