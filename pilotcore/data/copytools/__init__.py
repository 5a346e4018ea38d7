"""The copy tools, one a file: how a transfer is written as a command, and how it is judged.

What they share is here: the table of tools by name, and the value that describes a transfer.
"""

from __future__ import annotations

from pilotcore.data.copytools import davix
from pilotcore.data.copytools import dccp
from pilotcore.data.copytools import gfal
from pilotcore.data.copytools import globus
from pilotcore.data.copytools import lsm
from pilotcore.data.copytools import mv
from pilotcore.data.copytools import rucio
from pilotcore.data.copytools import srmcp
from pilotcore.data.copytools import xrdcp
from pilotcore.data.transfer import CopyTool

__all__ = ["COPYTOOLS"]

COPYTOOLS: dict[str, CopyTool] = {
    "cp": mv.TOOL,
    "davix": davix.TOOL,
    "dccp": dccp.TOOL,
    "dcap": dccp.TOOL,
    "gfal": gfal.TOOL,
    "gfalcopy": gfal.TOOL,
    "globus": globus.TOOL,
    "lsm": lsm.TOOL,
    "mv": mv.TOOL,
    "objectstore": rucio.OBJECTS,
    "rucio": rucio.TOOL,
    "s3": rucio.OBJECTS,
    "srmcp": srmcp.TOOL,
    "xrdcp": xrdcp.TOOL,
}
