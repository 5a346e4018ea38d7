"""The final update: repeated until the server has acknowledged it, or nobody is left to do so.

The body is the same each time, so that a repetition after a lost answer has no second effect.
pilot3 gives up after two attempts and 120 s (pilot/util/https.py#send_update), and the job
becomes a lost heartbeat three hours after it had finished.
"""

from __future__ import annotations

from pathlib import Path
from typing import Callable

from pilotcore.dialects import Fields
from pilotcore.heartbeat import LOST_S
from pilotcore.job import Job
from pilotcore.logbook import Logbook
from pilotcore.orders import Orders
from pilotcore.platform import Platform
from pilotcore.recovery import letters
from pilotcore.server import Server

PAUSES_S = (10.0, 30.0, 60.0, 120.0, 300.0)
PAUSE_IN_HASTE_S = 5.0
# Who repeats sooner than a slow server answers says everything twice.
TIMEOUT_S = 120.0
TIMEOUT_IN_HASTE_S = 5.0


class FinalUpdate:
    """Delivers the last word on one job; keeps it in *directory*, as of the workplace *home*."""

    def __init__(
        self,
        platform: Platform,
        server: Server,
        log: Logbook,
        *,
        directory: Path,
        home: str,
        left_s: Callable[[], float],
        halt: Orders,
    ) -> None:
        self._platform = platform
        self._server = server
        self._log = log
        self._directory = directory
        self._home = home
        self._pilots_s = left_s
        self._lost_at = float("inf")
        self._halt = halt

    def deliver(self, job: Job, fields: Fields, *, kept: Callable[[], None]) -> bool:
        """Send *fields* until they are acknowledged or no time is left; tell whether they were.

        After as long as a heartbeat may fail to come the job is lost to the server: a slot is not
        held any longer for what nobody will take.

        *kept* is called once they are on disk for a later pilot, and when they are acknowledged.

        An order to the whole pilot that comes meanwhile ends a pause, and a signal shortens
        all that follow; how much time is left then, left_s() knows.
        """
        letter = letters.save(
            self._directory, job, fields, home=self._home, log=self._log
        )
        if letter is not None:
            kept()
        self._lost_at = self._platform.monotonic() + LOST_S
        attempt = 0
        while True:
            reply = self._server.update(fields, timeout_s=self._timeout_s())
            if reply.accepted:
                self._log.info(f"final update of {job.panda_id} acknowledged: {reply.why}")
                letters.discard(letter)
                kept()
                return True
            attempt += 1
            self._log.warning(f"final update of {job.panda_id}, attempt {attempt}: {reply.why}")
            if self._left_s() <= 0:
                self._log.error(f"final update of {job.panda_id} not acknowledged; kept: {letter}")
                return False
            self._pause(attempt)

    def _left_s(self) -> float:
        return min(self._pilots_s(), self._lost_at - self._platform.monotonic())

    def _in_haste(self) -> bool:
        pending = self._halt.pending
        return pending is not None and bool(pending.signal)

    def _timeout_s(self) -> float:
        if not self._in_haste():
            return TIMEOUT_S
        return max(TIMEOUT_IN_HASTE_S, self._left_s() / 2)

    def _pause(self, attempt: int) -> None:
        flag = self._platform.flag()
        if self._in_haste():
            flag.wait(PAUSE_IN_HASTE_S)
            return
        seconds = PAUSES_S[min(attempt, len(PAUSES_S)) - 1]
        seconds = max(1.0, min(seconds, self._left_s()))
        if self._halt.pending is not None:
            # Its time is running out, but it would wake at once whoever listens.
            flag.wait(seconds)
            return
        with self._halt.waking(flag):
            flag.wait(seconds)
