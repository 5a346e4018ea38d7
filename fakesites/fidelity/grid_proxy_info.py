"""grid-proxy-info beside that of Debian."""

from __future__ import annotations

from fakesites.fidelity.kinds import PROXIES
from fakesites.fidelity.kinds import Comparison
from fakesites.fidelity.kinds import Difference

COMPARISONS = (
    Comparison(
        "grid-proxy-info",
        "globus-proxy-utils",
        "7.3",
        "nothing, -exists (-valid), and each print option alone",
        PROXIES,
    ),
)
DIFFERENCES = (
    Difference(
        "grid-proxy-info",
        "the file is no certificate",
        "two lines `OpenSSL Error: …` with bytes of its memory, before the hint",
        "the lines before and after",
        "they are different every time",
    ),
)
