"""lsm-get, lsm-put: a site's own scripts ("local site mover").

Read from pilot3@a090538b:pilot/copytool/lsm.py and the specification (usatlas twiki,
Admins/LocalSiteMover). lsm-put is told size, checksum and GUID to compare them; whether it does
is the site's affair, so that the pilot looks itself where it can. Exit code 212 says that the
target is there already with this size and checksum, which is what was wanted: an earlier attempt
got through without its being known.
"""

from __future__ import annotations

from pilotcore.data.far_end import gfal_sum
from pilotcore.data.plan import Transfer
from pilotcore.data.transfer import CopyTool


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

TOOL = CopyTool("lsm", SCHEMES, get, put, ask=gfal_sum, done=frozenset((EXISTS_SAME,)))
