"""srmcp, which Debian does not have."""

from __future__ import annotations

from fakesites.fidelity.kinds import Comparison
from fakesites.fidelity.kinds import Difference

COMPARISONS: tuple[Comparison, ...] = ()
DIFFERENCES = (
    Difference(
        "srmcp",
        "always",
        "not compared: neither the client nor a server of SRM is in Debian",
        "after its manual and dCache/dcache#897",
        "nothing to compare with",
    ),
)
