"""Nearest known name, for every message that says 'did you mean'."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Iterable


def nearest(name: str, known: Iterable[str], *, count: int = 1) -> list[str]:
    """Return at most *count* of the *known* names that resemble *name*, best first."""
    return get_close_matches(name, sorted(set(known)), n=count, cutoff=0.5)
