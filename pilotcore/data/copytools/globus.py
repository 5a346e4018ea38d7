"""globus-url-copy: GridFTP doors.

Read from pilot 1's movers for gsiftp. It says yes or no and nothing else, so that the far end is
looked at afterwards. -cd makes the folders above a target; with -stall-timeout a door that says
nothing is given up long before the pilot's own limit ends a copy that still moves.
"""

from __future__ import annotations

from pilotcore.data.far_end import gfal_sum
from pilotcore.data.plan import Transfer
from pilotcore.data.transfer import CopyTool

STALL_S = 600
COMMAND = ("globus-url-copy", "-cd", "-stall-timeout", str(STALL_S))


def get(transfer: Transfer) -> tuple[str, ...]:
    """Return the command that copies in."""
    return (*COMMAND, transfer.turl, f"file://{transfer.path}")


def put(transfer: Transfer) -> tuple[str, ...]:
    """Return the command that copies out."""
    return (*COMMAND, f"file://{transfer.path}", transfer.turl)


TOOL = CopyTool("globus", ("gsiftp",), get, put, ask=gfal_sum)
