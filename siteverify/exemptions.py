"""Exemptions: a known failure, with a reason, an owner and a date on which it ends.

They are data, because sites that were excepted in the source of a check stayed excepted for
ever (osg-flock, glideinWMS). An expired exemption hides nothing any more: the check fails as it
did before, and a WARN of its own, `self.exempt`, says that somebody has to decide again.
"""

from __future__ import annotations

import json
from datetime import datetime
from datetime import timezone
from typing import Any
from typing import Iterable
from typing import Mapping
from typing import Optional

from siteverify.catalogue import Check
from siteverify.catalogue import Remedy
from siteverify.catalogue import must_be_known
from siteverify.outcome import Outcome
from siteverify.outcome import Owner
from siteverify.outcome import Severity
from siteverify.outcome import passed
from siteverify.outcome import warned
from siteverify.results import Exemption
from siteverify.settings import Settings
from siteverify.settings import SettingsError
from siteverify.vantage import Vantage

FIELDS = ("check", "reason", "owner", "expires")


def read_exemptions(
    text: str, *, source: str, checks: Mapping[str, Check]
) -> tuple[Exemption, ...]:
    """Return the exemptions in *text*: a JSON list of objects with the four FIELDS.

    *expires* is a date (UTC), YYYY-MM-DD, the first day on which the exemption holds no more.
    Raise SettingsError naming *source* for anything else.
    """
    try:
        document = json.loads(text)
    except ValueError as error:
        raise SettingsError(f"{source} is not JSON: {error}") from error
    if not isinstance(document, list):
        raise SettingsError(f"{source} must be a JSON list of exemptions")
    found = []
    for number, entry in enumerate(document, start=1):
        found.append(_exemption(entry, place=f"{source}, exemption {number}", checks=checks))
    return tuple(found)


def exemption_for(check_id: str, exemptions: Iterable[Exemption]) -> Optional[Exemption]:
    """Return the exemption of *check_id* that ends last, if there is one."""
    mine = [exemption for exemption in exemptions if exemption.check_id == check_id]
    return max(mine, key=lambda exemption: exemption.expires, default=None)


def expiry_check(exemptions: tuple[Exemption, ...]) -> Check:
    """Return the check that looks at the exemptions themselves."""

    def look(vantage: Vantage, _: Settings) -> Outcome:
        return _expiry(exemptions, now=vantage.now())

    return Check(
        check_id="self.exempt",
        title="exemptions in force",
        severity=Severity.WARNING,
        owner=Owner.HARNESS,
        remedy=Remedy("Remove the exemption, or agree on a new date with its owner."),
        look=look,
        quick=True,
    )


def date_text(posix: float) -> str:
    """Return the UTC date of *posix* as YYYY-MM-DD."""
    return datetime.fromtimestamp(posix, timezone.utc).strftime("%Y-%m-%d")


def _expiry(exemptions: tuple[Exemption, ...], *, now: float) -> Outcome:
    old = [exemption for exemption in exemptions if exemption.expires <= now]
    if not old:
        return passed(f"{len(exemptions)} in force")
    lines = tuple(f"{e.check_id}: {date_text(e.expires)}, {e.owner}: {e.reason}" for e in old)
    return warned("EXEMPTION_EXPIRED", f"{len(old)} expired", details=lines)


def _exemption(entry: Any, *, place: str, checks: Mapping[str, Check]) -> Exemption:
    if not isinstance(entry, dict) or sorted(entry) != sorted(FIELDS):
        raise SettingsError(f"{place}: an object with exactly {', '.join(FIELDS)} is needed")
    for field in FIELDS:
        if not isinstance(entry[field], str) or not entry[field].strip():
            raise SettingsError(f"{place}: {field!r} must be a text, and not empty")
    must_be_known(entry["check"], checks)
    try:
        day = datetime.strptime(entry["expires"], "%Y-%m-%d").replace(tzinfo=timezone.utc)
    except ValueError as error:
        raise SettingsError(f"{place}: 'expires' must be a date like 2026-12-31") from error
    return Exemption(entry["check"], entry["reason"], entry["owner"], day.timestamp())
