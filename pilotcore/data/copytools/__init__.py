"""The copy tools, one a file: how a transfer is written as a command, and how it is judged.

What they share is here: the table of tools by name, and the value that describes a transfer.
"""

from __future__ import annotations

from pilotcore.data.copytools import dccp
from pilotcore.data.copytools import gfal
from pilotcore.data.copytools import lsm
from pilotcore.data.copytools import mv
from pilotcore.data.copytools import xrdcp
from pilotcore.data.transfer import CopyTool

__all__ = ["COPYTOOLS"]

COPYTOOLS: dict[str, CopyTool] = {
    "cp": mv.TOOL,
    "dccp": dccp.TOOL,
    "dcap": dccp.TOOL,
    "gfal": gfal.TOOL,
    "gfalcopy": gfal.TOOL,
    "lsm": lsm.TOOL,
    "mv": mv.TOOL,
    "xrdcp": xrdcp.TOOL,
}
