"""The node is not overloaded."""

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

FACTOR = 1.5  # full slots and a little more are normal


@check(
    "res.load",
    title="load average",
    severity=Severity.WARNING,
    owner=Owner.SITE,
    remedy=Remedy(
        "Look for left-over processes, and for a node with more slots than cores.",
        ("uptime", "ps -eo stat,pid,user,comm | grep ^D"),
    ),
)
def node_is_not_overloaded(vantage: Vantage, _: Settings) -> Outcome:
    """Compare the load with all cores of the node, not with those of the slot."""
    load, online = round(vantage.load(), 2), vantage.cpus().online
    limit = FACTOR * online
    text = f"load {load:g} on {online} cores"
    if load > limit:
        return failed("LOAD_HIGH", text, measured=load, threshold=limit)
    return passed(text, measured=load, threshold=limit)
