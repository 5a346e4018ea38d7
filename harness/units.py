"""Durations and sizes as people write them in scenarios: those of simkernel.units."""

from __future__ import annotations

from simkernel.units import DURATION_HELP
from simkernel.units import DURATION_PATTERN
from simkernel.units import DURATIONS
from simkernel.units import SIZE_HELP
from simkernel.units import SIZE_PATTERN
from simkernel.units import SIZES
from simkernel.units import TEXT_MAX
from simkernel.units import duration_s
from simkernel.units import size_bytes

__all__ = [
    "DURATIONS",
    "DURATION_HELP",
    "DURATION_PATTERN",
    "SIZES",
    "SIZE_HELP",
    "SIZE_PATTERN",
    "TEXT_MAX",
    "duration_s",
    "size_bytes",
]
