"""Instants as tools write them, always in UTC and in the C locale."""

from __future__ import annotations

from datetime import datetime
from datetime import timedelta
from datetime import timezone

START = datetime(1970, 1, 1, tzinfo=timezone.utc)
HALF_YEAR_S = 182 * 86_400


def moment(posix: float) -> datetime:
    """Return *posix* seconds as a date and time, exact to the microsecond."""
    return START + timedelta(microseconds=round(posix * 1_000_000))


def date_text(posix: float, form: str) -> str:
    """Return *posix* seconds in the *form* of date(1): strftime's, with %s and %N."""
    when = moment(posix)
    pieces = form.split("%%")
    nanoseconds = f"{when.microsecond * 1000:09}"
    exact = [
        piece.replace("%s", str(int(posix // 1)))
        .replace("%3N", nanoseconds[:3])
        .replace("%N", nanoseconds)
        for piece in pieces
    ]
    return "%".join(when.strftime(piece) for piece in exact)


def listing_time(posix: float, *, now: float) -> str:
    """Return a time as ls -l shows it: the year instead of the clock when it is far off."""
    recent = now - HALF_YEAR_S < posix <= now + 1
    return date_text(posix, "%b %e %H:%M" if recent else "%b %e  %Y")
