"""Seeds as people write them: ``7``, ``1-20``, ``1-3,9``."""

from __future__ import annotations

import re

SEEDS_MAX = 100_000

_RANGE = re.compile(r"(\d{1,18})(?:-(\d{1,18}))?", re.ASCII)


def seeds_of(text: str) -> tuple[int, ...]:
    """Return the seeds that *text* means, each once, as written. Raises ValueError."""
    seeds: dict[int, None] = {}
    for part in text.split(","):
        match = _RANGE.fullmatch(part.strip())
        if match is None:
            raise ValueError(f"{part!r} is no seed: write 7, 1-20 or 1-3,9")
        first, last = int(match[1]), int(match[2] or match[1])
        if last < first:
            raise ValueError(f"{part!r} counts backwards")
        if last - first >= SEEDS_MAX - len(seeds):
            raise ValueError(f"{text!r} means more than {SEEDS_MAX} seeds")
        seeds.update(dict.fromkeys(range(first, last + 1)))
    return tuple(seeds)
