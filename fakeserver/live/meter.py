"""What passed through the ports: counts by endpoint and by refusal, for pages and the terminal.

Counts of this process only: they are talk, not truth, and are gone after a restart.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections import deque
from dataclasses import dataclass

LATEST_MAX = 50
REASONS_MAX = 200


@dataclass(frozen=True, slots=True)
class Passage:
    """One request: which endpoint, what it was answered, by whom, what fault it met."""

    endpoint: str
    status: int
    who: str
    fault: str


class Meter:
    """Counts of requests and of refused handshakes; any thread may ask or tell."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.requests: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()
        self.refusals: Counter[str] = Counter()
        self.latest: deque[Passage] = deque(maxlen=LATEST_MAX)

    def count(self, endpoint: str, status: int, *, who: str, fault: str = "") -> None:
        """Count one request."""
        with self._lock:
            self.requests[endpoint] += 1
            if fault:
                self.faults[fault] += 1
            self.latest.append(Passage(endpoint, status, who, fault))

    def refuse(self, address: str, reason: str) -> None:
        """Count one handshake that failed."""
        with self._lock:
            if reason in self.refusals or len(self.refusals) < REASONS_MAX:
                self.refusals[reason] += 1
            self.latest.append(Passage("handshake", 0, address, reason))

    def often(self, counts: Counter[str], number: int) -> dict[str, int]:
        """Return the *number* most frequent of one of the counts, the first first."""
        with self._lock:
            return dict(counts.most_common(number))

    def lately(self, number: int) -> list[Passage]:
        """Return the last *number* requests and refusals, the latest first."""
        with self._lock:
            return list(self.latest)[-number:][::-1]

    @property
    def total(self) -> int:
        """Return how many requests there were."""
        with self._lock:
            return self.requests.total()
