"""/cvmfs: is it there, and does it answer.

A site that has it says where in ATLAS_SW_BASE. A mount that is gone or hangs fails every job that
needs software of it: better known before a job is asked for (INC-095: the check was there, and
what it said was not heeded). The look is a command under a time limit, as a dead mount never
answers. Read from pilot3@a090538b:pilot/util/cvmfs.py, pilot/user/atlas/cvmfs.py.
"""

from __future__ import annotations

from typing import Mapping

from pilotcore.commands import run
from pilotcore.errors import PilotError
from pilotcore.orders import Orders
from pilotcore.platform import Command
from pilotcore.platform import Platform

VARIABLE = "ATLAS_SW_BASE"
REPOSITORY = "atlas.cern.ch/repo"
TIMEOUT_S = 300.0
NOT_ALIVE = 1377


def complaint(platform: Platform, env: Mapping[str, str], *, orders: Orders) -> str:
    """Return what is wrong with /cvmfs, "" if nothing is or the site has none."""
    base = env.get(VARIABLE, "")
    if not base:
        return ""
    place = f"{base}/{REPOSITORY}"
    outcome = run(platform, Command(("ls", place)), timeout_s=TIMEOUT_S, orders=orders)
    if outcome.timed_out:
        return f"{place} does not answer"
    return f"{place}: {outcome.words}" if outcome.code else ""


def check_cvmfs(platform: Platform, env: Mapping[str, str], *, orders: Orders) -> None:
    """Raise PilotError (1377) if the site's /cvmfs is dead."""
    wrong = complaint(platform, env, orders=orders)
    if wrong:
        raise PilotError(NOT_ALIVE, wrong)
