"""What a live server says in the terminal: where it is, and one line of progress.

The address goes to standard output, the rest to standard error: in a terminal one line that is
overwritten, elsewhere nothing, because a log of it helps nobody.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections import Counter

from fakeserver.live.serving import Serving

ERASE = "\r\x1b[K"
ORDER = (
    ("activated", "waiting for a pilot"),
    ("sent", "sent"),
    ("starting", "starting"),
    ("running", "running"),
    ("transferring", "transferring"),
    ("holding", "holding"),
    ("finished", "finished"),
    ("failed", "failed"),
    ("cancelled", "cancelled"),
    ("closed", "closed"),
)


class Talk:
    """Prints progress of *serving*, if there is anybody to read it."""

    def __init__(self, serving: Serving) -> None:
        self._serving = serving
        self._requests = 0
        self._lively = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"

    @property
    def lively(self) -> bool:
        """Tell whether there is a terminal."""
        return self._lively

    def show(self, *, interval_s: float) -> None:
        """Overwrite the line of progress, *interval_s* after the last time."""
        if self._lively:
            total = self._serving.meter.total
            rate, self._requests = (total - self._requests) / interval_s, total
            text = progress(states(self._serving), total=total, rate=rate)
            width = shutil.get_terminal_size().columns - 1
            print(f"{ERASE}{text[:width]}", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Take back the line of progress."""
        if self._lively:
            print(ERASE, end="", file=sys.stderr, flush=True)


def states(serving: Serving) -> Counter[str]:
    """Return how many jobs are in which state."""
    with serving.live.effect() as model:
        return Counter(job.state.value for job in model.jobs.values())


def progress(counts: Counter[str], *, total: int, rate: float) -> str:
    """Return the line: jobs by state in the order of their lives, requests, requests a second."""
    known = dict(ORDER)
    parts = [f"{counts[state]} {words}" for state, words in ORDER if counts[state]]
    before = sum(count for state, count in counts.items() if state not in known)
    if before:
        parts.insert(0, f"{before} not ready")
    jobs = ", ".join(parts) or "no jobs"
    return f"{jobs} · {total} requests, {rate:.0f} a second"
