"""dccp: dCache's own copy, over dcap doors.

Read from pilot 1's movers/dcache_sitemover.py. It hangs when a pool does, and it can fail with
exit code 0 (data/complaints.py knows the texts). -A switches its read-ahead off.
"""

from __future__ import annotations

from pilotcore.data.far_end import gfal_sum
from pilotcore.data.plan import Transfer
from pilotcore.data.transfer import CopyTool


def get(transfer: Transfer) -> tuple[str, ...]:
    """Return the command that copies in."""
    return ("dccp", "-A", transfer.turl, str(transfer.path))


def put(transfer: Transfer) -> tuple[str, ...]:
    """Return the command that copies out."""
    return ("dccp", "-A", str(transfer.path), transfer.turl)


TOOL = CopyTool("dccp", ("dcap", "gsidcap", "file"), get, put, ask=gfal_sum)
