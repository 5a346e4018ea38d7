"""Sizes and durations with their units, as people write them in a catalogue."""

from __future__ import annotations

import re

SIZES = {"B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12, "PB": 10**15}
SIZES |= {"KIB": 2**10, "MIB": 2**20, "GIB": 2**30, "TIB": 2**40}
SECONDS = {"s": 1.0, "min": 60.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
FORM = re.compile(r"\s*([0-9.]+)\s*([A-Za-z]*)\s*")


def parse_size(text: str | int) -> int:
    """Return *text*, e.g. "2 GB" or plain bytes, in bytes. Raises ValueError."""
    if isinstance(text, int):
        return text
    number, unit = _split(text)
    if unit.upper() not in ("", *SIZES):
        raise ValueError(f"{text!r} is no size: the units are {', '.join(SIZES)}")
    return int(number * SIZES.get(unit.upper(), 1))


def parse_rate(text: str | int) -> int:
    """Return *text*, e.g. "1 GB/s", in bytes a second. Raises ValueError."""
    return parse_size(text.removesuffix("/s") if isinstance(text, str) else text)


def parse_duration(text: str | int | float) -> float:
    """Return *text*, e.g. "90s" or "2h", in seconds. Raises ValueError."""
    if isinstance(text, (int, float)):
        return float(text)
    number, unit = _split(text)
    if unit not in ("", *SECONDS):
        raise ValueError(f"{text!r} is no duration: the units are {', '.join(SECONDS)}")
    return number * SECONDS.get(unit, 1.0)


def _split(text: str) -> tuple[float, str]:
    match = FORM.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no number with a unit")
    return float(match[1]), match[2]
