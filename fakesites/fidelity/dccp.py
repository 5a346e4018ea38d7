"""dccp beside that of Debian, with a small door in Python."""

from __future__ import annotations

from fakesites.fidelity.kinds import Comparison
from fakesites.fidelity.kinds import Difference

COMPARISONS = (
    Comparison(
        "dccp",
        "dcap (client; the door is tests/fakesites/tools/real/dcap.py)",
        "2.47.14",
        "-A, -i, nothing; wrong options",
        "downloads and uploads (the pool calls back, or is called), within the node, no such file"
        " (here, there), not readable, not writable, no such folder, existing, disk full, refused,"
        " unknown host",
    ),
)
DIFFERENCES = (
    Difference(
        "dccp",
        "nothing, or -H",
        "a page about each option",
        "the first lines",
        "for people, not for programs",
    ),
    Difference(
        "dccp",
        "a door says no",
        "what the door says, in quotes; not compared with dCache's own words, which Debian lacks",
        "`path … not found`, `Permission denied` and others, read from dCache",
        "no server to compare with",
    ),
    Difference(
        "dccp",
        "a copy from a file of the node onto itself",
        "cuts it to nothing, and says so: `0 bytes (0.0 B) in 0 seconds`",
        "copies it",
        "no pilot has been seen to do it",
    ),
    Difference(
        "dccp",
        "the target is a folder of the node",
        "`Not Pnfs file system`, `Is a directory` for a file of the node",
        "copies into it, as older releases did",
        "pilots name the file",
    ),
)
