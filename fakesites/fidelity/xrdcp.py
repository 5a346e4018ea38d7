"""xrdcp beside that of Debian, each with an xrootd server."""

from __future__ import annotations

from fakesites.fidelity.kinds import Comparison
from fakesites.fidelity.kinds import Difference

COMPARISONS = (
    Comparison(
        "xrdcp",
        "xrootd-client, xrootd-server",
        "5.5.3",
        "-np, -f, -s, --cksum with print, source and a value, -h, --version; wrong options",
        "downloads and uploads, from door to door, into a folder; the right and the wrong checksum;"
        " no such file (here, there), not readable, not writable, existing (here, there), storage"
        " full, disk full, refused, reset, unknown host, a folder; with GSI: a fresh proxy, an"
        " expired one, none",
    ),
)
DIFFERENCES = (
    Difference(
        "xrdcp",
        "the node's disk runs full under a file of up to 8 MiB (one block)",
        "exit code 0, the right checksum is printed, and the file is cut: the client loses the"
        " error of its last write",
        "`[ERROR] Local error: no space left on device:  (destination)`, exit code 54, as for"
        " larger files",
        "a defect of this release of the client; a fault of kind truncate on tool.xrdcp shows it",
    ),
    Difference(
        "xrdcp",
        "-h",
        "a page about each option",
        "the lines that pilots look for",
        "for people, not for programs",
    ),
    Difference(
        "xrdcp",
        "a checksum of a kind that there is not",
        "two lines with date and process of the plug-in that was not found, before the others",
        "the others",
        "they are different every time",
    ),
    Difference(
        "xrdcp",
        "the door is that of dCache",
        "not compared: Debian has no dCache",
        "`[3011] No such file or directory <path>`, after dCache/dcache#5882; pilots look for just"
        " this, with a capital: an xrootd server says `no such file or directory`, which they do"
        " not find",
        "no server to compare with",
    ),
    Difference(
        "xrdcp",
        "a door is refused, or does not answer",
        "as ours, after the times that XRD_CONNECTIONWINDOW and others set",
        "after the times that are the default; the variables are not read",
        "the comparison sets them low, to be short",
    ),
    Difference(
        "xrdcp",
        "an element has no folders",
        "a folder there as a source is an error 3016, a path outside of the export an error 3010",
        "missing files",
        "storage elements are modelled without folders",
    ),
)
