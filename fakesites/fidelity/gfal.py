"""gfal-copy, gfal-sum, gfal-stat, gfal-ls and gfal-rm beside those of Debian."""

from __future__ import annotations

from fakesites.fidelity.kinds import Comparison
from fakesites.fidelity.kinds import Difference

COMPARISONS = (
    Comparison(
        "gfal-copy, gfal-sum, gfal-stat, gfal-ls, gfal-rm",
        "gfal2-util-scripts, gfal2-plugin-xrootd, -http, -gridftp, -file",
        "1.8.0 (gfal2 2.21.3)",
        "-f, -t, -K adler32:…, --version; wrong options, missing words",
        "through each of root, davs and gsiftp: downloads and uploads, the right and the wrong"
        " checksum, no such file (here, there), not readable, existing (here, there), refused,"
        " unknown host, another scheme; with some: no answer, storage full, not writable, a new"
        " folder, an expired proxy, none",
    ),
)
DIFFERENCES = (
    Difference(
        "gfal-copy",
        "--verbose",
        "between ENTER and EXIT, lines of checksums, of what is overwritten, of its progress",
        "ENTER, TYPE and EXIT",
        "no pilot reads them",
    ),
    Difference(
        "gfal-*",
        "a command line is wrong",
        "the usage of the program, then the line that says what is wrong",
        "a short usage, then the same line",
        "for people, not for programs",
    ),
    Difference(
        "gfal-stat, gfal-ls -l",
        "a file is there",
        "its mode, and the times that the door knows",
        "mode 0644, and the time of its last change for all",
        "storage elements know no more",
    ),
    Difference(
        "gfal-copy",
        "through davs, a proxy has expired",
        "`… sslv3 alert certificate expired`, or `Connection reset by peer` if that is faster",
        "the first",
        "it is a matter of luck",
    ),
    Difference(
        "gfal-copy",
        "through davs, nobody may write, or storage is full",
        "with an xrootd server: `DavPosix::unlink  HTTP 404` (-f), or a reset connection",
        "HTTP 403, HTTP 507, as dCache and StoRM answer",
        "what this one server does",
    ),
    Difference(
        "gfal-copy",
        "through gsiftp, about once in a hundred calls",
        "is killed by SIGABRT (`invalid pointer`), or says that a callback is not allowed here",
        "never, unless a fault of kind exit says so",
        "a defect of this release of the plug-in; the comparison asks it again",
    ),
    Difference(
        "gfal-copy",
        "through srm or dcap",
        "not compared: Debian has no server for them",
        "after reports (`CGSI-gSOAP … Could not establish context`)",
        "no server to compare with",
    ),
    Difference(
        "gfal-copy",
        "the source is a folder",
        "copies what is in it",
        "missing, or no regular file",
        "storage elements are modelled without folders",
    ),
)
