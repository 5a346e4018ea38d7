"""The host has a name that others can use."""

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


@check(
    "net.hostname",
    title="name of this host",
    severity=Severity.WARNING,
    owner=Owner.SITE,
    remedy=Remedy(
        "Set the host's name and make it resolvable (DNS or /etc/hosts).",
        ("hostname -f", "getent hosts $(hostname)"),
    ),
    timeout_s=20.0,
)
def host_has_a_name(vantage: Vantage, _: Settings) -> Outcome:
    """Resolve the host's own name: trace reports of transfers crashed where it had none."""
    name = vantage.hostname().strip()
    if not name:
        return failed("HOSTNAME_EMPTY", "this host has no name")
    if name.split(".")[0] == "localhost":
        return failed("HOSTNAME_LOCAL", f"this host calls itself {name}")
    try:
        addresses = vantage.resolve(name)
    except VantageError as error:
        return failed(f"HOSTNAME_{word_for(error)}", f"own name: {error}")
    return passed(f"{name} is {', '.join(addresses)}")
