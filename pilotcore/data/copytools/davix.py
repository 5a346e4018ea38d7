"""davix-get, davix-put: WebDAV doors.

``-P grid`` has it show the proxy and trust the CAs of the grid; without, it trusts nobody.
"""

from __future__ import annotations

from pilotcore.data.far_end import gfal_sum
from pilotcore.data.plan import Transfer
from pilotcore.data.transfer import CopyTool

GRID = ("-P", "grid")


def get(transfer: Transfer) -> tuple[str, ...]:
    """Return the command that copies in."""
    return ("davix-get", *GRID, transfer.turl, str(transfer.path))


def put(transfer: Transfer) -> tuple[str, ...]:
    """Return the command that copies out."""
    return ("davix-put", *GRID, str(transfer.path), transfer.turl)


TOOL = CopyTool("davix", ("davs", "https"), get, put, ask=gfal_sum)
