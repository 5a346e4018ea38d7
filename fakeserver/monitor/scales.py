"""Scales: from values to places on a plot, and the round numbers to write beside them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from datetime import timezone

TIME_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200)
DAY_S = 86400
SIZES = ("B", "kB", "MB", "GB", "TB")
UNITS = ((DAY_S, "d"), (3600, "h"), (60, "min"), (1, "s"))


@dataclass(frozen=True, slots=True)
class Scale:
    """Values from *low* to *high* on a line from *begin* to *end* (pixels)."""

    low: float
    high: float
    begin: float
    end: float

    def __call__(self, value: float) -> float:
        """Return the place of *value*."""
        span = self.high - self.low
        part = 0.0 if span <= 0 else (value - self.low) / span
        return round(self.begin + part * (self.end - self.begin), 2)


def nice_step(span: float, *, count: int) -> float:
    """Return 1, 2 or 5 times a power of ten, so that at most *count* steps cover *span*."""
    raw = span / count
    if raw <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(raw))
    return float(next(power * each for each in (1, 2, 5, 10) if power * each >= raw * (1 - 1e-9)))


def ticks(high: float, *, count: int = 5) -> list[float]:
    """Return round numbers from 0 to the first that is not under *high*; whole if *high* is."""
    step = nice_step(max(high, 1e-9), count=count)
    if float(high).is_integer():
        step = max(1.0, step)
    return [round(step * number, 10) for number in range(math.ceil(high / step - 1e-9) + 1)]


def round_step(span_s: float, *, count: int) -> int:
    """Return a round time (s), of which at most *count* cover *span_s*."""
    step = next((each for each in TIME_STEPS_S if span_s / each <= count), 0)
    return step or DAY_S * max(1, math.ceil(span_s / DAY_S / count))


def time_ticks(begin: float, end: float, *, count: int = 6) -> list[float]:
    """Return round instants (POSIX seconds) from *begin* to *end*, at most about *count*."""
    step = round_step(end - begin, count=count)
    first = math.ceil(begin / step) * step
    return [float(each) for each in range(first, math.floor(end) + 1, step)]


def instant_text(posix: float, *, span_s: float) -> str:
    """Return *posix* (UTC) as it is written under a plot of *span_s* seconds."""
    moment = datetime.fromtimestamp(posix, timezone.utc)
    if span_s >= 3 * DAY_S:
        return moment.strftime("%b %d").replace(" 0", " ")
    return moment.strftime("%H:%M:%S" if span_s < 600 else "%H:%M")


def moment_text(posix: float | None) -> str:
    """Return *posix* as a moment (UTC) to the second, a dash for nothing."""
    if not posix:
        return "–"
    return datetime.fromtimestamp(posix, timezone.utc).strftime("%Y-%m-%d %H:%M:%S")


def span_text(seconds: float | None) -> str:
    """Return a duration in at most two units, such as ``1 h 5 min``; a dash for nothing."""
    if seconds is None:
        return "–"
    if abs(seconds) < 10:
        return f"{seconds:.1f} s".replace(".0 s", " s")
    rest = round(abs(seconds))
    parts: list[str] = []
    for size, unit in UNITS:
        number, rest = divmod(rest, size)
        if number or (parts and number):
            parts.append(f"{number} {unit}")
    return ("-" if seconds < 0 else "") + " ".join(parts[:2])


def ago_text(posix: float | None, now: float) -> str:
    """Return how long before *now* an instant was, by its largest unit; a dash for nothing."""
    if not posix:
        return "–"
    seconds = now - posix
    if seconds < 1:
        return "now" if seconds > -1 else f"in {span_text(-seconds)}"
    size, unit = next((size, unit) for size, unit in UNITS if seconds >= size)
    return f"{seconds // size:.0f} {unit} ago"


def size_text(value: object) -> str:
    """Return a number of bytes in the unit that suits it; what is no number stays as it is."""
    if value in (None, "", "NULL"):
        return "–"
    try:
        size = float(str(value))
    except ValueError:
        return str(value)
    power = 0
    while abs(size) >= 1000 and power < len(SIZES) - 1:
        size, power = size / 1000, power + 1
    return f"{size:.3g} {SIZES[power]}"


def number_text(value: float) -> str:
    """Return a number with thin spaces between thousands, without needless zeros."""
    if float(value).is_integer():
        return f"{int(value):,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
    return f"{value:g}"
