"""The clock of the host agrees with that of a server."""

from __future__ import annotations

from datetime import timezone
from email.utils import parsedate_to_datetime
from typing import Optional

from siteverify.catalogue import Remedy
from siteverify.catalogue import check
from siteverify.outcome import Outcome
from siteverify.outcome import Owner
from siteverify.outcome import Severity
from siteverify.outcome import failed
from siteverify.outcome import passed
from siteverify.outcome import unknown
from siteverify.outcome import warned
from siteverify.settings import Settings
from siteverify.vantage import Vantage

WARN_S = 5.0
FAIL_S = 60.0
HALF_SECOND = 0.5  # a Date header is cut to whole seconds


@check(
    "auth.clock",
    title="clock of this host",
    severity=Severity.ERROR,
    owner=Owner.SITE,
    remedy=Remedy(
        "Start the time service of the node; a wrong clock breaks proxies and tokens.",
        ("timedatectl status", "chronyc tracking"),
    ),
    depends_on=("net.http.server",),
    needs=("server_urls",),
    timeout_s=30.0,
)
def clock_is_right(vantage: Vantage, settings: Settings) -> Outcome:
    """Compare the Date of the first server's answer with the middle of the time it took."""
    before = vantage.now()
    answer = vantage.fetch(settings.server_urls[0], timeout_s=20.0)
    after = vantage.now()
    if "age" in answer.headers:
        return unknown("CLOCK_CACHED", "the answer came from a cache, its date is old")
    date = _posix(answer.headers.get("date", ""))
    if date is None:
        return unknown("CLOCK_NO_DATE", "the server's answer has no date")
    doubt = (after - before) / 2 + HALF_SECOND
    return _judged((before + after) / 2 - (date + HALF_SECOND), doubt=doubt)


def _posix(text: str) -> Optional[float]:
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError):
        return None
    return moment.replace(tzinfo=moment.tzinfo or timezone.utc).timestamp()


def _judged(offset: float, *, doubt: float) -> Outcome:
    sure = max(0.0, abs(offset) - doubt)
    rounded, way = float(round(offset)), "fast" if offset > 0 else "slow"
    text = f"this clock is {abs(rounded):g} s {way}"
    if sure > FAIL_S:
        return failed("CLOCK_OFF", text, measured=rounded, threshold=FAIL_S, unit="s")
    if sure > WARN_S:
        return warned("CLOCK_DRIFTS", text, measured=rounded, threshold=WARN_S, unit="s")
    return passed(f"within {doubt + sure:.1f} s", measured=rounded, threshold=FAIL_S, unit="s")
