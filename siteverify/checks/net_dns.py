"""The servers' names can be resolved."""

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
from siteverify.servers import direct_endpoints
from siteverify.settings import Settings
from siteverify.vantage import Vantage
from siteverify.vantage import VantageError

TIMEOUT_S = 5.0


@check(
    "net.dns",
    title="resolution of host names",
    severity=Severity.CRITICAL,
    owner=Owner.SITE,
    remedy=Remedy(
        "Look at the resolvers of the node.", ("cat /etc/resolv.conf", "getent ahosts HOST")
    ),
    depends_on=("env.proxyvars",),
    timeout_s=30.0,
    quick=True,
)
def names_resolve(vantage: Vantage, settings: Settings) -> Outcome:
    """Resolve every server that jobs reach without a proxy, each within five seconds."""
    hosts = sorted({end.host for end in direct_endpoints(settings, vantage.env())})
    if not hosts:
        return skipped("ALL_PROXIED", "every server is reached through a proxy")
    troubles = []
    for host in hosts:
        try:
            vantage.resolve(host, timeout_s=TIMEOUT_S)
        except VantageError as error:
            troubles.append((word_for(error), str(error)))
    if troubles:
        return failed(
            f"DNS_{troubles[0][0]}",
            f"{len(troubles)} of {len(hosts)} names do not resolve",
            measured=len(troubles),
            threshold=0,
            details=tuple(line for _, line in troubles),
        )
    return passed(", ".join(hosts))
