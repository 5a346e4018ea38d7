"""The programs that make proxies, as far as they could be held against real ones."""

from __future__ import annotations

from fakesites.fidelity.kinds import Comparison
from fakesites.fidelity.kinds import Difference

COMPARISONS: tuple[Comparison, ...] = ()
DIFFERENCES = (
    Difference(
        "grid-proxy-init, voms-proxy-init",
        "a key is made",
        "a row of dots and pluses as long as it takes",
        "a short one",
        "it is different every time",
    ),
    Difference(
        "myproxy-logon, myproxy-init, glexec",
        "anything but that a server is not there",
        "not compared: Debian's have no server here to talk to, and no glexec",
        "after the sources",
        "no server to compare with yet",
    ),
)
