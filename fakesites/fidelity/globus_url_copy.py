"""globus-url-copy beside that of Debian, with a GridFTP server."""

from __future__ import annotations

from fakesites.fidelity.kinds import Comparison
from fakesites.fidelity.kinds import Difference

COMPARISONS = (
    Comparison(
        "globus-url-copy",
        "globus-gass-copy-progs, globus-gridftp-server-progs",
        "10.12, 13.24",
        "-p, -tcp-bs, -vb, -cd, -stall-timeout, -version; wrong options",
        "downloads and uploads by gsiftp, over what is there, into a new folder; no such file"
        " (here, there), no such folder, not readable, not writable, a folder, storage full, disk"
        " full, refused, reset, no answer, unknown host, another scheme, an expired proxy, none",
    ),
)
DIFFERENCES = (
    Difference(
        "globus-url-copy",
        "-vb takes longer than a few seconds",
        "a line with bytes and rates, written again and again",
        "only what goes where",
        "no pilot reads it",
    ),
    Difference(
        "globus-url-copy",
        "-dbg, -help",
        "the talk with the server; a page",
        "nothing; the usage",
        "for people, not for programs",
    ),
    Difference(
        "globus-url-copy",
        "a copy fails",
        "may leave an empty target",
        "leaves none, or a part",
        "pilots remove it",
    ),
    Difference(
        "globus-url-copy",
        "the door is that of dCache",
        "not compared: Debian has no dCache",
        "`550 File not found` and others, read from dCache's door",
        "no server to compare with",
    ),
    Difference(
        "globus-url-copy",
        "the server has another name than its certificate",
        "`Authorization denied: The name of the remote entity …`",
        "not modelled",
        "doors have no certificates of their own",
    ),
)
