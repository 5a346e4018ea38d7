"""One transfer as it is planned: what is copied where, and how long it may take.

Limits as in pilot3@a090538b:pilot/copytool/common.py#get_timeout, where most tools never look
at them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

LIMIT_LEAST_S = 400.0
LIMIT_MOST_S = 3 * 3600.0
BYTES_PER_S = 1e6


@dataclass(frozen=True)
class Transfer:
    """What is to be copied: *turl* is the far end, *path* the near one; *checksum* ``ad:hex``.

    *scope* and *endpoint* say of the far end what only traces ask for.
    """

    lfn: str
    turl: str
    path: Path
    writing: bool
    size: int = -1
    checksum: str = ""
    guid: str = ""
    scope: str = ""
    endpoint: str = ""

    @property
    def limit_s(self) -> float:
        """Return the seconds that this transfer may take."""
        return min(LIMIT_LEAST_S + max(0, self.size) / BYTES_PER_S, LIMIT_MOST_S)
