"""Pilots that came by: what was asked for lately, so that one can say why a job waits."""

from __future__ import annotations

from dataclasses import replace

from fakeserver.matching import JobRequest

KEPT_MAX = 32


class Sightings:
    """The latest requests of each queue, those that ask for the same taken together."""

    def __init__(self) -> None:
        self._seen: dict[str, dict[JobRequest, float]] = {}

    def note(self, request: JobRequest, now: float) -> None:
        """Note that a pilot asked."""
        same = replace(request, node="", worker="", scheduler="")
        seen = self._seen.setdefault(request.queue, {})
        seen.pop(same, None)
        seen[same] = now
        while len(seen) > KEPT_MAX:
            del seen[next(iter(seen))]

    def at(self, queue: str) -> list[tuple[JobRequest, float]]:
        """Return what pilots of *queue* asked for and when last, the latest first."""
        return list(reversed(self._seen.get(queue, {}).items()))

    def last(self, queue: str) -> float | None:
        """Return when (POSIX) a pilot of *queue* asked last, or None."""
        seen = self.at(queue)
        return seen[0][1] if seen else None

    def queues(self) -> list[str]:
        """Return the queues whose pilots asked, by name."""
        return sorted(self._seen)
