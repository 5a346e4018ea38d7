"""arcproxy beside that of Debian."""

from __future__ import annotations

from fakesites.fidelity.kinds import PROXIES
from fakesites.fidelity.kinds import Comparison
from fakesites.fidelity.kinds import Difference

COMPARISONS = (
    Comparison(
        "arcproxy",
        "nordugrid-arc-client",
        "6.17.0",
        "-I, the four items that pilots ask for, and every item alone; a wrong item",
        PROXIES,
    ),
)
DIFFERENCES = (
    Difference(
        "arcproxy",
        "it is to make a proxy, or to talk to a MyProxy server",
        "works",
        "refused as wrong arguments",
        "not modelled yet",
    ),
)
