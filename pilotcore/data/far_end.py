"""What arrived at the far end, by the eyes of another tool than the one that copied.

An exit code of 0, and even a checksum that the copying tool prints, can be about the file that
was sent. Storages keep the adler32 of what they hold, so that asking for it is cheap.
"""

from __future__ import annotations

from pilotcore.commands import NOT_FOUND
from pilotcore.commands import Outcome
from pilotcore.data.checksum import same_adler32
from pilotcore.data.plan import Transfer

NOT_THERE = ("no such file", "not found", "does not exist")


def gfal_sum(transfer: Transfer) -> tuple[str, ...]:
    """Return the command that shows the checksum at the far end."""
    return ("gfal-sum", transfer.turl, "ADLER32")


def doubt(transfer: Transfer, outcome: Outcome) -> str | None:
    """Return what is wrong with what arrived, "" if nothing is, None if nobody can tell.

    A node without the tool, a door that knows no checksums and a tool that hangs tell nothing.
    """
    words = outcome.words.lower()
    if outcome.timed_out or outcome.code == NOT_FOUND:
        return None
    if outcome.code:
        missing = any(each in words for each in NOT_THERE)
        return "nothing is there after the copy" if missing else None
    found = outcome.stdout.split()
    wanted = transfer.checksum.rpartition(":")[2]
    if any(same_adler32(word, wanted) for word in found):
        return ""
    return f"{wanted} here, {' '.join(found)[-60:]} there"
