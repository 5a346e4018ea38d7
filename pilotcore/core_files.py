"""Core files in the work directory: whose they are.

A shared node has its cores in odd places, and a program of the site may crash in the directory
of a job: only a core file of the payload's own processes says that the payload crashed (INC-035).
Read from pilot3@a090538b:pilot/util/filehandling.py#remove_core_dumps.
"""

from __future__ import annotations

from pathlib import Path
from typing import Collection

NAMES = "core.*"


def own_core(directory: Path, pids: Collection[int]) -> str:
    """Return the name of the first core file of one of *pids* in *directory*, "" if none is."""
    names = sorted(path.name for path in directory.glob(NAMES))
    return next((name for name in names if name.rpartition(".")[2] in map(str, pids)), "")
