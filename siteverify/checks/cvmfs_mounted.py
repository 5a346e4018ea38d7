"""The CVMFS repositories of the VO can be listed."""

from __future__ import annotations

from siteverify.catalogue import Remedy
from siteverify.catalogue import check
from siteverify.outcome import Outcome
from siteverify.outcome import Owner
from siteverify.outcome import Severity
from siteverify.outcome import failed
from siteverify.outcome import passed
from siteverify.reasons import word_for
from siteverify.settings import Settings
from siteverify.vantage import Vantage
from siteverify.vantage import VantageError

TIMEOUT_S = 10.0


@check(
    "cvmfs.mounted",
    title="CVMFS repositories",
    severity=Severity.CRITICAL,
    owner=Owner.SITE,
    remedy=Remedy(
        "Repair the mount: a hang is a dead fuse process or an unreachable squid.",
        ("cvmfs_config probe", "cvmfs_config stat -v REPOSITORY", "cvmfs_config wipecache"),
    ),
    needs=("repositories",),
    timeout_s=60.0,
    quick=True,
)
def repositories_are_mounted(vantage: Vantage, settings: Settings) -> Outcome:
    """List each repository in its own time limit; a mount that hangs is the usual failure."""
    root, names = settings.cvmfs_root, settings.repositories
    states = {name: _trouble(vantage, f"{root}/{name}") for name in names}
    bad = [name for name, word in states.items() if word]
    if bad:
        return failed(
            f"CVMFS_{states[bad[0]]}",
            f"not usable: {', '.join(bad)}",
            measured=len(bad),
            threshold=0,
            details=tuple(f"{name}: {states[name]}" for name in bad),
        )
    return passed(", ".join(states))


def _trouble(vantage: Vantage, path: str) -> str:
    try:
        names = vantage.list_dir(path, timeout_s=TIMEOUT_S)
    except VantageError as error:
        return word_for(error)
    return "" if names else "EMPTY"
