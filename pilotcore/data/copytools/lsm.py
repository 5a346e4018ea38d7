"""lsm-get, lsm-put: a site's own scripts ("local site mover").

Read from pilot3@a090538b:pilot/copytool/lsm.py. lsm-put is told size, checksum and GUID, and is
trusted to compare them: what the site uses underneath is not known here. Exit code 212 says that
the target is there already with this size and checksum, which is what was wanted: an earlier
attempt got through without its being known (usatlas twiki, Admins/LocalSiteMover).
"""

from __future__ import annotations

from pilotcore.data.transfer import CopyTool
from pilotcore.data.transfer import Transfer


def get(transfer: Transfer) -> tuple[str, ...]:
    """Return the command that copies in."""
    return ("lsm-get", transfer.turl, str(transfer.path))


def put(transfer: Transfer) -> tuple[str, ...]:
    """Return the command that copies out."""
    adler32 = transfer.checksum.rpartition(":")[2]
    facts = ("--size", str(transfer.size), "--checksum", f"adler32:{adler32}")
    guid = ("--guid", transfer.guid) if transfer.guid else ()
    return ("lsm-put", *facts, *guid, str(transfer.path), transfer.turl)


SCHEMES = ("srm", "gsiftp", "root", "davs", "https", "dcap", "file")
EXISTS_SAME = 212

TOOL = CopyTool("lsm", SCHEMES, get, put, done=frozenset((EXISTS_SAME,)))
