"""Write a report so that nobody ever reads half of it."""

from __future__ import annotations

import os
from pathlib import Path


def write_whole(path: Path, text: str) -> None:
    """Write *text* to *path* as UTF-8, all of it or nothing; folders are made on the way."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}-{os.getpid()}")
    # A pilot may print half a character; the report of it must not fail for that.
    draft.write_text(text, encoding="utf-8", errors="replace")
    draft.replace(path)
