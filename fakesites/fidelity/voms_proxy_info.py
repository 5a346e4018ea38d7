"""voms-proxy-info beside that of Debian."""

from __future__ import annotations

from fakesites.fidelity.kinds import PROXIES
from fakesites.fidelity.kinds import Comparison
from fakesites.fidelity.kinds import Difference

COMPARISONS = (
    Comparison(
        "voms-proxy-info",
        "voms-clients",
        "2.1.1",
        "nothing, -all, -chain, -timeleft, -actimeleft, both with --file, -exists (-valid, -hours,"
        " -bits), -acexists, and each print option alone; a wrong option",
        PROXIES,
    ),
)
DIFFERENCES = (
    Difference(
        "voms-proxy-info",
        "-help, -text, -conf",
        "a page; the certificate in words; options from a file",
        "the first lines; refused as an unknown option",
        "for people, not for programs",
    ),
)
