"""xrdcp: the copy of xrootd.

Read from pilot3@a090538b:pilot/copytool/xrdcp.py. ``--cksum adler32:print`` makes it say what
was copied; a copy out without that line is not proved, and one with it only by a second look.
"""

from __future__ import annotations

import re

from pilotcore.commands import Outcome
from pilotcore.data.checksum import same_adler32
from pilotcore.data.far_end import gfal_sum
from pilotcore.data.plan import Transfer
from pilotcore.data.transfer import CopyTool

PRINTED = re.compile(r"adler32:\s+([a-zA-Z0-9]+)\s+\S+\s+([0-9]+)")


def get(transfer: Transfer) -> tuple[str, ...]:
    """Return the command that copies in."""
    return _command(transfer.turl, str(transfer.path))


def put(transfer: Transfer) -> tuple[str, ...]:
    """Return the command that copies out."""
    return _command(str(transfer.path), transfer.turl)


def _command(source: str, target: str) -> tuple[str, ...]:
    return ("xrdcp", "-np", "-f", "--cksum", "adler32:print", source, target)


def judge(transfer: Transfer, outcome: Outcome) -> str:
    """Compare what xrdcp printed with the file here."""
    if not transfer.writing:
        return ""
    printed = PRINTED.search(f"{outcome.stdout} {outcome.stderr}")
    if printed is None:
        return "xrdcp printed no checksum"
    wanted = transfer.checksum.rpartition(":")[2]
    if not same_adler32(printed[1], wanted) or int(printed[2]) != transfer.size:
        return f"{wanted} and {transfer.size} bytes here, {printed[1]} and {printed[2]} there"
    return ""


TOOL = CopyTool("xrdcp", ("root", "xroot", "roots"), get, put, judge, ask=gfal_sum)
