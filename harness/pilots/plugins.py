"""Which experiments a pilot has a plug-in for, as its own code says."""

from __future__ import annotations

from typing import Iterable

from harness.pilots.cache import Installed
from harness.pilots.choice import CORE

FOLDER = "pilot/user"
CODE = "common.py"


def experiments_of(installed: Installed) -> frozenset[str] | None:
    """Return the experiments that *installed* has a plug-in for; None if it takes any.

    pilot3@a090538b:pilot.py imports pilot.user.<name>.common; the reference pilot takes those that
    are installed on a node besides its own, and says itself if it knows one not.
    """
    if installed.family == CORE:
        return None
    folder = installed.root / FOLDER
    return frozenset(each.parent.name for each in folder.glob(f"*/{CODE}"))


def applies(installed: Installed, experiments: Iterable[str]) -> bool:
    """Tell whether *installed* can be the pilot of all *experiments*."""
    wanted = set(experiments)
    known = experiments_of(installed) if wanted else None
    return known is None or known >= wanted
