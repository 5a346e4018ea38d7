"""The HTTP proxies that the environment names are well written and answer."""

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
from siteverify.servers import proxies
from siteverify.servers import proxy_endpoint
from siteverify.settings import Settings
from siteverify.vantage import Vantage
from siteverify.vantage import VantageError


@check(
    "env.proxyvars",
    title="HTTP proxies of the environment",
    severity=Severity.ERROR,
    owner=Owner.SITE,
    remedy=Remedy(
        "Correct or unset http_proxy and https_proxy, or start the squid that they name.",
        ("printenv | grep -i _proxy", "curl -I -x $http_proxy http://pandaserver.cern.ch:25085/"),
    ),
    timeout_s=30.0,
    quick=True,
)
def http_proxies_answer(vantage: Vantage, _: Settings) -> Outcome:
    """Connect to each proxy: one that is set and dead takes every transfer with it."""
    found = proxies(vantage.env())
    if not found:
        return skipped("NO_PROXY", "no HTTP proxy is set")
    for scheme, value in found.items():
        endpoint = proxy_endpoint(value)
        if endpoint is None:
            text = f"{scheme}_proxy cannot be understood: {value!r}"
            return failed("PROXYVAR_MALFORMED", text)
        try:
            vantage.connect(endpoint.host, endpoint.port)
        except VantageError as error:
            return failed(f"PROXYVAR_{word_for(error)}", f"{scheme}_proxy is dead: {error}")
    return passed(", ".join(f"{scheme}: {value}" for scheme, value in found.items()))
