"""Named random streams: one more consumer of chance never shifts another's numbers."""

from __future__ import annotations

from random import Random


class Streams:
    """Streams of one *seed*, each made on first use from its own name."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._made: dict[str, Random] = {}

    def __getitem__(self, name: str) -> Random:
        """Return the stream called *name*, e.g. ``streams["fault/slow-disk"]``."""
        if name not in self._made:
            # A text seed goes through SHA-512: it does not depend on PYTHONHASHSEED.
            self._made[name] = Random(f"{self.seed}/{name}")
        return self._made[name]
