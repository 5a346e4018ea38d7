"""pcache's folder on a worker node: files that came from storage, kept for the jobs after.

Models the name under which a file is kept, hard links from there to the job's folder, and the
limit of the whole cache, past which what was used longest ago goes. Not modelled: locks between
several jobs of a node, waiting for a file that another one fetches, the reports to a server.
Read from pcache 4 (ATLAS local site mover) and rucio@00bf7e22:lib/rucio/common/pcache.py.
"""

from __future__ import annotations

import os
import posixpath
import re
from pathlib import Path

from fakesites.tools import ToolCall

DEFAULT = "/srv/scratch"
VARIABLE = "PCACHE_SCRATCH_DIR"
LIMIT = 50 * 10**9  # bytes
SCHEME = re.compile(r"^[A-Za-z0-9+]+://[^/?]*")


class Pcache:
    """The cache of a node: files are found by the path of the URL that they came from."""

    def folder(self, call: ToolCall, given: str = "") -> str:
        """Return the guest's folder of the cache."""
        return posixpath.join(given or call.env.get(VARIABLE, DEFAULT), "pcache")

    def place(self, call: ToolCall, url: str, *, folder: str = "") -> Path:
        """Return where on the host the file of *url* is kept, or would be."""
        path = SCHEME.sub("", url).partition("?")[0].strip("/")
        return call.real(posixpath.join(self.folder(call, folder), re.sub("/+", "/", path), "data"))

    def link(self, call: ToolCall, url: str, target: str, *, folder: str = "") -> bool:
        """Put what is kept of *url* at *target*; tell whether there was such a file."""
        kept = self.place(call, url, folder=folder)
        if not kept.is_file():
            return False
        real = call.real(target)
        real.unlink(missing_ok=True)
        os.link(kept, real)
        call.node.files.stamp(call.path(target))
        return True

    def keep(
        self, call: ToolCall, url: str, source: str, *, folder: str = "", limit: int = LIMIT
    ) -> None:
        """Keep the node's file *source*, which came from *url*, and make room for it."""
        kept = self.place(call, url, folder=folder)
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.unlink(missing_ok=True)
        os.link(call.real(source), kept)
        self._make_room(call, folder, limit)

    def _make_room(self, call: ToolCall, folder: str, limit: int) -> None:
        root = call.real(self.folder(call, folder))
        files = sorted(
            (each for each in root.rglob("data") if each.is_file()),
            key=lambda each: (each.stat().st_mtime, str(each)),
        )
        used = sum(each.stat().st_size for each in files)
        for each in files:
            if used <= limit:
                return
            used -= each.stat().st_size
            each.unlink()


PCACHE = Pcache()
