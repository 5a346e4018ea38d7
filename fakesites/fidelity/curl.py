"""curl beside that of Debian, with xrootd's WebDAV door."""

from __future__ import annotations

from fakesites.fidelity.kinds import Comparison
from fakesites.fidelity.kinds import Difference

COMPARISONS = (
    Comparison(
        "curl",
        "curl; xrootd-server-plugins for the WebDAV door",
        "7.88.1",
        "-T, -X PROPFIND, -X DELETE, -X MKCOL, -o, -f, -I, -w, -sS",
        "a download, an upload, over what is there, a look, a removal; no such file (here, there),"
        " not readable, not writable, refused, unknown host, reset, no answer",
    ),
)
DIFFERENCES = (
    Difference(
        "curl",
        "it cannot connect",
        "`curl: (7) Failed to connect to … port … after … ms: Couldn't connect to server`",
        "`… Connection refused`, as 7.76 of RHEL has it",
        "worker nodes have RHEL's",
    ),
    Difference(
        "curl",
        "-I, -i",
        "the header fields of the server",
        "the first line, and the length",
        "no pilot reads them",
    ),
)
