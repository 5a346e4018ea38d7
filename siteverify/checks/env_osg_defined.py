"""The OSG variables are defined where jobs run, not only on the gatekeeper."""

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
    "env.osg.defined",
    title="OSG variable definitions",
    severity=Severity.ERROR,
    owner=Owner.SITE,
    remedy=Remedy(
        "Define the variables for jobs on the worker node; UNAVAILABLE is a legal value.",
        ("printenv | grep ^OSG_",),
        "https://opensciencegrid.org/docs/worker-node/using-wn/",
    ),
    needs=("osg_variables",),
    quick=True,
)
def osg_variables_are_defined(vantage: Vantage, settings: Settings) -> Outcome:
    """Look for each variable; the values are shown, as site_verify showed them."""
    names = settings.osg_variables
    env = vantage.env()
    details = tuple(f"${name}: {env.get(name, '') or 'not defined'}" for name in names)
    missing = [name for name in names if not env.get(name, "").strip()]
    if missing:
        text = f"{len(missing)} of {len(names)} not defined: {', '.join(missing)}"
        return failed("OSG_UNDEFINED", text, measured=len(missing), threshold=0, details=details)
    return passed(f"{len(names)} defined", details=details)
