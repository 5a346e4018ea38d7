"""gfal-copy: one client for WebDAV, xrootd, gsiftp and srm.

Read from pilot3@a090538b:pilot/copytool/gfal.py. ``-K adler32:…`` makes it compare both ends;
its own ``-t`` is set a little beyond the pilot's limit, which does not depend on it.
"""

from __future__ import annotations

from pilotcore.data.far_end import gfal_sum
from pilotcore.data.plan import Transfer
from pilotcore.data.transfer import CopyTool


def get(transfer: Transfer) -> tuple[str, ...]:
    """Return the command that copies in."""
    return (*_command(transfer), transfer.turl, f"file://{transfer.path}")


def put(transfer: Transfer) -> tuple[str, ...]:
    """Return the command that copies out."""
    return (*_command(transfer), f"file://{transfer.path}", transfer.turl)


def _command(transfer: Transfer) -> tuple[str, ...]:
    kind, _, digits = transfer.checksum.rpartition(":")
    compare = ("-K", f"adler32:{digits}") if digits and kind == "ad" else ()
    seconds = str(int(transfer.limit_s) + 60)
    return ("gfal-copy", "--verbose", "-f", "-t", seconds, *compare)


SCHEMES = ("davs", "https", "root", "gsiftp", "srm")
TOOL = CopyTool("gfal", SCHEMES, get, put, ask=gfal_sum)
