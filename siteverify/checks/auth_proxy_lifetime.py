"""The proxy lives long enough, and the tools agree about it."""

from __future__ import annotations

from siteverify.catalogue import Remedy
from siteverify.catalogue import check
from siteverify.credentials import Reading
from siteverify.credentials import proxy_path
from siteverify.credentials import time_left
from siteverify.credentials import uses_token
from siteverify.outcome import Outcome
from siteverify.outcome import Owner
from siteverify.outcome import Severity
from siteverify.outcome import failed
from siteverify.outcome import passed
from siteverify.outcome import skipped
from siteverify.outcome import warned
from siteverify.settings import Settings
from siteverify.vantage import Vantage

AGREEMENT_S = 60.0


@check(
    "auth.proxy.lifetime",
    title="lifetime of the proxy",
    severity=Severity.CRITICAL,
    owner=Owner.VO,
    remedy=Remedy(
        "Send jobs with a fresher proxy; a proxy that ends in a job is a lost heartbeat.",
        ("voms-proxy-info --timeleft --file $X509_USER_PROXY",),
    ),
    depends_on=("auth.cred.present", "auth.proxy.tool"),
    timeout_s=60.0,
    quick=True,
)
def proxy_lives_long_enough(vantage: Vantage, settings: Settings) -> Outcome:
    """Compare the shortest lifetime that any tool sees with the two limits of the settings."""
    env = vantage.env()
    if uses_token(env):
        return skipped("TOKEN_USED", "jobs here use a token")
    readings = time_left(vantage, proxy_path(env, vantage.uid()))
    if not readings:
        return failed("PROXY_UNREADABLE", "no tool can read the proxy")
    return _judged(readings, settings)


def _judged(readings: list[Reading], settings: Settings) -> Outcome:
    details = tuple(f"{reading.tool}: {reading.seconds:.0f} s" for reading in readings)
    shortest = min(reading.seconds for reading in readings)
    spread = max(reading.seconds for reading in readings) - shortest
    hours = round(shortest / 3600, 1)
    if shortest <= 0:
        text = "the proxy has expired"
        return failed("PROXY_EXPIRED", text, measured=hours, unit="h", details=details)
    if hours < settings.proxy_fail_h:
        return failed(
            "PROXY_SHORT",
            f"the proxy ends in {hours} h, at least {settings.proxy_fail_h:g} h are needed",
            measured=hours,
            threshold=settings.proxy_fail_h,
            unit="h",
            details=details,
        )
    if spread > AGREEMENT_S:
        text = f"the tools differ by {spread:.0f} s about the lifetime"
        return warned("PROXY_TOOLS_DISAGREE", text, measured=spread, unit="s", details=details)
    if hours < settings.proxy_warn_h:
        return warned(
            "PROXY_SHORTISH",
            f"the proxy ends in {hours} h, a pilot may want {settings.proxy_warn_h:g} h",
            measured=hours,
            threshold=settings.proxy_warn_h,
            unit="h",
            details=details,
        )
    return passed(f"{hours} h left", measured=hours, threshold=settings.proxy_fail_h, unit="h")
