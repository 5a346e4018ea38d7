"""Durations and sizes as people write them: '1h30m', '2 GB'.

A number without a unit is refused, because that is how seconds become minutes. Sizes are
decimal (GB = 10^9 bytes) unless they say otherwise (GiB = 2^30 bytes).
"""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise

DURATIONS = {
    "d": Fraction(86400),
    "h": Fraction(3600),
    "m": Fraction(60),
    "s": Fraction(1),
    "ms": Fraction(1, 1000),
}
SIZES = {
    "B": 1,
    **{f"{letter}B": 1000**power for power, letter in enumerate("kMGTP", start=1)},
    **{f"{letter}iB": 1024**power for power, letter in enumerate("KMGTP", start=1)},
}
DURATION_HELP = "a duration such as '90s', '30m', '1h30m' or '2d'"
SIZE_HELP = "a size such as '500 MB', '2 GB' or '4 GiB'"
DURATION_PATTERN = r"^-?([0-9]+(\.[0-9]+)?(ms|[dhms]))+$"
SIZE_PATTERN = r"^[0-9]+(\.[0-9]+)? ?([kMGTP]?B|[KMGTP]iB)$"

TEXT_MAX = 30  # characters; more digits than this mean nothing and cost time

_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|[dhms])", re.ASCII)
_PARTS = re.compile(r"(?:\d+(?:\.\d+)?(?:ms|[dhms]))+", re.ASCII)
_SIZE = re.compile(r"(\d+(?:\.\d+)?) ?([A-Za-z]+)", re.ASCII)


def duration_s(text: str) -> float:
    """Return the duration *text* in seconds; a leading minus makes it negative.

    Raises ValueError for anything but numbers with units, each unit once, largest first.
    """
    sign, rest = ("-", text[1:]) if text.startswith("-") else ("", text)
    parts = _PART.findall(rest)
    units = [DURATIONS[unit] for _, unit in parts]
    descending = all(above > below for above, below in pairwise(units))
    if not parts or not descending or len(text) > TEXT_MAX or not _PARTS.fullmatch(rest):
        raise ValueError(f"{text!r} is not {DURATION_HELP}")
    total = sum(Fraction(number) * DURATIONS[unit] for number, unit in parts)
    return float(-total if sign else total)


def size_bytes(text: str) -> int:
    """Return the size *text* in bytes. Raises ValueError if it is not a whole number of them."""
    match = _SIZE.fullmatch(text.strip())
    if match is None or len(text) > TEXT_MAX:
        raise ValueError(f"{text!r} is not {SIZE_HELP}")
    if match[2] not in SIZES:
        raise ValueError(f"{match[2]!r} is not a unit of size: use {', '.join(SIZES)}")
    exact = Fraction(match[1]) * SIZES[match[2]]
    if exact.denominator != 1:
        raise ValueError(f"{text!r} is not a whole number of bytes")
    return int(exact)
