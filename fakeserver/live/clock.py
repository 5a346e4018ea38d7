"""The clock of a live server: the time of day, and what somebody advanced it by."""

from __future__ import annotations

import math
import time
from typing import Callable

from simkernel import ScenarioError

ADVANCE_S_MAX = 366 * 86_400.0


class LiveClock:
    """Seconds since 1970, ahead of the time of day by *ahead_s*; it never goes back by itself."""

    def __init__(
        self,
        time_of_day: Callable[[], float] = time.time,  # noqa: TID251 - live, this is the clock
        *,
        ahead_s: float = 0.0,
    ) -> None:
        self._time_of_day = time_of_day
        self._latest = -math.inf
        self.ahead_s = ahead_s

    def now(self) -> float:
        """Return the present instant; a host whose clock was set back makes it stand still."""
        self._latest = max(self._latest, self._time_of_day() + self.ahead_s)
        return self._latest

    def advance(self, seconds: float) -> float:
        """Go *seconds* ahead at once and return the new instant.

        Raises ScenarioError for what is no number, less than nothing or more than a year.
        """
        if not 0.0 <= seconds <= ADVANCE_S_MAX:
            raise ScenarioError(
                f"the clock cannot advance by {seconds} s",
                where="clock",
                remedy=f"from 0 to {ADVANCE_S_MAX:.0f} seconds",
            )
        self.ahead_s += seconds
        return self.now()
