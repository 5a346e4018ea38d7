"""Sizes and durations as a catalogue of sites has them: with units, or as plain numbers.

Read by simkernel.units, as those of scenarios are; here a number without a unit is in bytes or
seconds, minutes may be written ``min``, and the letters of a size may be large or small.
"""

from __future__ import annotations

import re

from simkernel.units import DURATIONS
from simkernel.units import SIZES
from simkernel.units import duration_s
from simkernel.units import size_bytes

PLAIN = re.compile(r"\s*([0-9.]+)\s*")
SIZE = re.compile(r"\s*([0-9.]+)\s*([A-Za-z]+)\s*")
SPELLINGS = {unit.upper(): unit for unit in SIZES}


def parse_size(text: str | int) -> int:
    """Return *text*, e.g. "2 GB" or plain bytes, in bytes. Raises ValueError."""
    if isinstance(text, int):
        return text
    if plain := PLAIN.fullmatch(text):
        return int(_number(plain[1], text))
    match = SIZE.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no number with a unit")
    if match[2].upper() not in SPELLINGS:
        raise ValueError(f"{text!r} is no size: the units are {', '.join(SIZES)}")
    _number(match[1], text)
    return size_bytes(f"{match[1]} {SPELLINGS[match[2].upper()]}")


def parse_rate(text: str | int) -> int:
    """Return *text*, e.g. "1 GB/s", in bytes a second. Raises ValueError."""
    return parse_size(text.removesuffix("/s") if isinstance(text, str) else text)


def parse_duration(text: str | int | float) -> float:
    """Return *text*, e.g. "90s", "1h30m" or "2 h", in seconds. Raises ValueError."""
    if isinstance(text, (int, float)):
        return float(text)
    if plain := PLAIN.fullmatch(text):
        return _number(plain[1], text)
    if not text.strip()[:1].isdigit():
        raise ValueError(f"{text!r} is no number with a unit")
    try:
        return duration_s(text.replace(" ", "").replace("min", "m"))
    except ValueError:
        units = ", ".join(DURATIONS)
        raise ValueError(f"{text!r} is no duration: the units are {units}") from None


def _number(digits: str, text: str) -> float:
    try:
        return float(digits)
    except ValueError:
        raise ValueError(f"{text!r} is no number with a unit") from None
