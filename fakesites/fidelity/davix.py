"""davix's programs beside those of Debian, with xrootd's WebDAV door."""

from __future__ import annotations

from fakesites.fidelity.kinds import Comparison
from fakesites.fidelity.kinds import Difference

COMPARISONS = (
    Comparison(
        "davix-get, davix-put, davix-rm, davix-ls",
        "davix; xrootd-server-plugins for the WebDAV door",
        "0.8.4",
        "-P grid, -E, -k, --retry, --timeout; wrong options",
        "downloads (also to standard output) and uploads, over what is there, a removal; no such"
        " file (here, there), no such folder, not readable, not writable, a folder, refused,"
        " unknown host, no answer, a server nobody trusts, an expired proxy, no URL",
    ),
)
DIFFERENCES = (
    Difference(
        "davix-get",
        "a proxy has expired",
        "`… sslv3 alert certificate expired`, or `Connection reset by peer` if that is faster",
        "the first",
        "it is a matter of luck",
    ),
    Difference(
        "davix-get",
        "a copy fails",
        "leaves an empty target",
        "leaves none, or a part",
        "pilots remove it",
    ),
    Difference(
        "davix-get",
        "no credential is given",
        "an xrootd server lets everybody read",
        "`HTTP 403 : Permission refused`, unless the door asks for none",
        "what this one server does",
    ),
    Difference(
        "davix-put",
        "storage is full",
        "an xrootd server resets the connection",
        "`HTTP 507`, as dCache and StoRM answer",
        "what this one server does",
    ),
    Difference(
        "davix-ls, davix-mkdir",
        "a folder is meant",
        "lists it; makes it",
        "missing; says yes",
        "storage elements are modelled without folders",
    ),
    Difference(
        "davix-*",
        "--help, or a wrong option",
        "a page about each option",
        "its first line",
        "for people, not for programs",
    ),
)
