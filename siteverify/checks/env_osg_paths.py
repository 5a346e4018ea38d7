"""The directories that the OSG variables name exist on this host."""

from __future__ import annotations

from siteverify.catalogue import Remedy
from siteverify.catalogue import check
from siteverify.outcome import Outcome
from siteverify.outcome import Owner
from siteverify.outcome import Severity
from siteverify.outcome import failed
from siteverify.outcome import passed
from siteverify.outcome import skipped
from siteverify.reasons import word_for
from siteverify.settings import Settings
from siteverify.vantage import Vantage
from siteverify.vantage import VantageError

DIRECTORIES = ("OSG_GRID", "OSG_APP", "OSG_DATA", "OSG_WN_TMP")
UNAVAILABLE = "UNAVAILABLE"


@check(
    "env.osg.paths",
    title="OSG directories existence",
    severity=Severity.ERROR,
    owner=Owner.SITE,
    remedy=Remedy(
        "Mount or create the directory on the worker nodes, or say UNAVAILABLE.",
        ("ls -ld $OSG_GRID $OSG_APP $OSG_DATA $OSG_WN_TMP",),
    ),
    depends_on=("env.osg.defined",),
    needs=("osg_variables",),
    timeout_s=45.0,
)
def osg_directories_exist(vantage: Vantage, settings: Settings) -> Outcome:
    """Look at each directory; site_verify did so on the gatekeeper only, and said PASS."""
    env = vantage.env()
    paths = {name: env.get(name, "") for name in DIRECTORIES if name in settings.osg_variables}
    named = {name: path for name, path in paths.items() if path not in ("", UNAVAILABLE)}
    if not named:
        return skipped("OSG_NO_PATHS", "no OSG directory is expected here")
    states = {name: _state(vantage, path) for name, path in named.items()}
    bad = [name for name in states if states[name] != "dir"]
    details = tuple(f"${name} {named[name]}: {states[name]}" for name in bad)
    if bad:
        text = f"not usable: {', '.join(f'${name}' for name in bad)}"
        return failed(f"OSG_PATH_{states[bad[0]].upper()}", text, details=details)
    return passed(", ".join(f"${name}" for name in states))


def _state(vantage: Vantage, path: str) -> str:
    try:
        return vantage.stat(path).kind
    except VantageError as error:
        return word_for(error)
