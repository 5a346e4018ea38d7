"""The pilot's lifetime ends whatever phase a job is in: a job still running then is stopped.

Not a watchdog of the payload but of the whole life: it gives its order some time before the
end, so that log and final update still find a pilot that sends them.
Read from pilot3@a090538b:pilot/control/monitor.py (REACHED_MAXTIME).
"""

from __future__ import annotations

from typing import Callable
from typing import Iterator

from pilotcore.orders import Order
from pilotcore.platform import Flag
from pilotcore.platform import Platform


class Walltime:
    """Gives order 1213 when the time that is left falls to *grace_s* seconds."""

    def __init__(
        self,
        platform: Platform,
        *,
        lifetime_s: float,
        grace_s: float,
        give: Callable[[Order], None],
    ) -> None:
        self._platform = platform
        self._began = platform.monotonic()
        self._lifetime_s = lifetime_s
        self._grace_s = min(grace_s, lifetime_s / 4)
        self._give = give
        self._wake: Flag = platform.flag()
        self._over = False

    @property
    def left_s(self) -> float:
        """Return the seconds until the pilot has to be gone."""
        return self._began + self._lifetime_s - self._platform.monotonic()

    def shorten(self, lifetime_s: float) -> None:
        """Let the lifetime be at most *lifetime_s*; 0 means that there is no such limit."""
        if lifetime_s:
            self._lifetime_s = min(self._lifetime_s, lifetime_s)
            self._grace_s = min(self._grace_s, self._lifetime_s / 4)
            self._wake.set()

    def begin(self) -> None:
        """Start to watch."""
        self._platform.attend(self._watch, wake=self._wake, name="walltime")

    def stop(self) -> None:
        """Cease to watch."""
        self._over = True
        self._wake.set()

    def _watch(self) -> Iterator[float]:
        while not self._over:
            wait_s = self.left_s - self._grace_s
            if wait_s <= 0:
                text = f"lifetime of {self._lifetime_s:.0f} s, {self.left_s:.0f} s left"
                self._give(Order(1213, text))
                return
            yield wait_s
            self._wake.clear()
