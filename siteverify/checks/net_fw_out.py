"""The firewall lets connections to the servers out."""

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

TIMEOUT_S = 10.0


@check(
    "net.fw.out",
    title="outbound connections",
    severity=Severity.ERROR,
    owner=Owner.SITE,
    remedy=Remedy(
        "Open the ports for outbound TCP (25443, 25080, 25085 for PanDA); a refused connection"
        " is the server's.",
        ("curl -v telnet://pandaserver.cern.ch:25443",),
    ),
    depends_on=("net.dns",),
    timeout_s=40.0,
)
def connections_get_out(vantage: Vantage, settings: Settings) -> Outcome:
    """Connect to every server that jobs reach without a proxy.

    Silence is a firewall and the site's; a refusal comes from the server's side.
    """
    ends = direct_endpoints(settings, vantage.env())
    if not ends:
        return skipped("ALL_PROXIED", "every server is reached through a proxy")
    troubles = []
    for end in ends:
        try:
            vantage.connect(end.host, end.port, timeout_s=TIMEOUT_S)
        except VantageError as error:
            troubles.append((word_for(error), str(end)))
    if not troubles:
        return passed(", ".join(str(end) for end in ends))
    refused_only = all(word == "REFUSED" for word, _ in troubles)
    return failed(
        f"CONNECT_{troubles[0][0]}",
        f"no connection to {', '.join(place for _, place in troubles)}",
        measured=len(troubles),
        threshold=0,
        details=tuple(f"{place}: {word}" for word, place in troubles),
        owner=Owner.CENTRAL if refused_only else Owner.SITE,
    )
