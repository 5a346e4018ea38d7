"""mv: a storage that is a directory of the node; files are copied, not moved.

pilot3@a090538b:pilot/copytool/mv.py links and moves. A copy leaves the original for another
attempt, and one that is cut short can be told from a whole one.
"""

from __future__ import annotations

from pathlib import Path

from pilotcore.commands import Outcome
from pilotcore.data.checksum import matches
from pilotcore.data.plan import Transfer
from pilotcore.data.transfer import CopyTool


def path_of(turl: str) -> str:
    """Return the path in *turl*: a plain one, ``file:///path`` or ``file://host/path``."""
    scheme, separator, rest = turl.partition("://")
    if not separator or scheme != "file":
        return turl
    return "/" + rest.partition("/")[2].lstrip("/")


def far_path(transfer: Transfer) -> Path:
    """Return the far end: what is absolute takes the place of the directory before it."""
    return transfer.path.parent / path_of(transfer.turl)


def get(transfer: Transfer) -> tuple[str, ...]:
    """Return the command that copies in."""
    return ("cp", path_of(transfer.turl), str(transfer.path))


def put(transfer: Transfer) -> tuple[str, ...]:
    """Return the command that copies out, into a directory that is made if need be."""
    target = far_path(transfer)
    target.parent.mkdir(parents=True, exist_ok=True)
    return ("cp", str(transfer.path), str(target))


def judge(transfer: Transfer, _outcome: Outcome) -> str:
    """Compare both ends of a copy out."""
    if not transfer.writing:
        return ""
    target = far_path(transfer)
    if not target.is_file():
        return f"{target} is not there"
    good, found = matches(target, transfer.checksum)
    return "" if good else f"{transfer.checksum} here, {found} there"


TOOL = CopyTool("mv", ("file",), get, put, judge)
