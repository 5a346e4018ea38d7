"""srmcp: dCache's own client for SRM doors, one file a call.

Read from pilot 1's movers for srm. It was seen to fail when it was given more than a few files at
once, so that it never is; its own retries (twenty by default) are switched off, for the pilot has
its own. Paths of the node have four slashes, as its manual has them.
"""

from __future__ import annotations

from pilotcore.data.far_end import gfal_sum
from pilotcore.data.plan import Transfer
from pilotcore.data.transfer import CopyTool

COMMAND = ("srmcp", "-2", "-retry_num=0", "-streams_num=1")


def get(transfer: Transfer) -> tuple[str, ...]:
    """Return the command that copies in."""
    return (*COMMAND, transfer.turl, f"file:///{transfer.path}")


def put(transfer: Transfer) -> tuple[str, ...]:
    """Return the command that copies out."""
    return (*COMMAND, f"file:///{transfer.path}", transfer.turl)


TOOL = CopyTool("srmcp", ("srm",), get, put, ask=gfal_sum)
