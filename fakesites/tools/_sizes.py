"""Sizes as df, du, ls and free write them."""

from __future__ import annotations

LETTERS = "KMGTP"


def human(count: float) -> str:
    """Return *count* bytes in three digits and a letter, rounded up, as -h does."""
    value, letter = float(count), ""
    for each in LETTERS:
        if value < 1024:
            break
        value, letter = value / 1024, each
    if not letter:
        return str(int(count))
    if value < 10:
        tenths = -int(-value * 10 // 1)
        return f"{tenths / 10:.1f}{letter}" if tenths < 100 else f"10{letter}"
    return f"{-int(-value // 1)}{letter}"


def units(count: float, unit: int) -> int:
    """Return *count* bytes in whole *unit* bytes, rounded up."""
    return -int(-count // unit)
