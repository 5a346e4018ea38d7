"""PATH is set at all."""

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
    "env.path.unset",
    title="for PATH",
    severity=Severity.CRITICAL,
    owner=Owner.SITE,
    remedy=Remedy("Let the batch system give jobs a PATH.", ("echo $PATH",)),
    quick=True,
)
def path_is_set(vantage: Vantage, _: Settings) -> Outcome:
    """Look for a PATH that names at least one directory (a wrapper finds no python3 else)."""
    directories = [word for word in vantage.env().get("PATH", "").split(":") if word]
    if not directories:
        return failed("PATH_UNSET", "PATH is not set, or empty")
    return passed(f"{len(directories)} directories")
