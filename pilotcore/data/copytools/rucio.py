"""rucio download and upload: Rucio's own client, told where the file is; object stores, too.

The pilot has worked out the URL (``--pfn``) and registers by its final update, so that the client
is to copy and nothing else (``--no-register``). Its checksum is compared by the pilot. An object
store is reached by the same commands, with keys that the client finds by itself; that a queue has
the copytool ``objectstore`` for it, or ``s3``, is history.
Read from pilot3@a090538b:pilot/copytool/objectstore.py and rucio.py.
"""

from __future__ import annotations

from pilotcore.data.far_end import gfal_sum
from pilotcore.data.plan import Transfer
from pilotcore.data.transfer import CopyTool


def get(transfer: Transfer) -> tuple[str, ...]:
    """Return the command that copies in."""
    where = ("--no-subdir", "--dir", str(transfer.path.parent))
    rse = ("--rses", transfer.endpoint) if transfer.endpoint else ()
    did = f"{transfer.scope}:{transfer.lfn}"
    return ("rucio", "-v", "download", *where, *rse, "--pfn", transfer.turl, did)


def put(transfer: Transfer) -> tuple[str, ...]:
    """Return the command that copies out."""
    scope = ("--scope", transfer.scope) if transfer.scope else ()
    guid = ("--guid", transfer.guid) if transfer.guid else ()
    what = ("--rse", transfer.endpoint, *scope, "--name", transfer.lfn, *guid)
    return (
        *("rucio", "-v", "upload", *what, "--no-register", "--pfn", transfer.turl),
        str(transfer.path),
    )


SCHEMES = ("root", "davs", "https", "gsiftp", "srm")
TOOL = CopyTool("rucio", SCHEMES, get, put, ask=gfal_sum, cached=False)
STORES = ("s3", "s3+rucio", "https", "davs")
OBJECTS = CopyTool("objectstore", STORES, get, put, ask=gfal_sum, cached=False)
