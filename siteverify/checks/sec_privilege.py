"""Jobs do not run as root."""

from __future__ import annotations

from siteverify.catalogue import Remedy
from siteverify.catalogue import check
from siteverify.outcome import Outcome
from siteverify.outcome import Owner
from siteverify.outcome import Severity
from siteverify.outcome import failed
from siteverify.outcome import passed
from siteverify.settings import Settings
from siteverify.vantage import Vantage


@check(
    "sec.privilege",
    title="for an ordinary user",
    severity=Severity.ERROR,
    owner=Owner.SITE,
    remedy=Remedy("Map jobs to an ordinary account.", ("id",)),
    timeout_s=20.0,
)
def user_is_ordinary(vantage: Vantage, _: Settings) -> Outcome:
    """Look at the uid; site_verify, too, was to be run as an ordinary user."""
    uid = vantage.uid()
    if uid == 0:
        return failed("USER_IS_ROOT", "jobs run as root", measured=0)
    return passed(f"uid {uid}")
