"""Mutants of the reference pilot: the same code with one planted bug, as a pilot of its own.

A mutant is a folder with a pilot.py, which ``--pilot PATH`` takes like any other. A patch that
finds nothing to replace is an error: a mutant that is none would prove nothing.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Mapping

from harness.pilots.cache import core_folder

START = """\
from pilotcore.__main__ import main

if __name__ == "__main__":
    raise SystemExit(main())
"""

Patch = tuple[str, str]
Patches = Mapping[str, Patch | tuple[Patch, ...]]


def plant(folder: Path, patches: Patches) -> Path:
    """Put a core with *patches* into *folder*.

    A file has one or several of them: (what is there, what comes instead).
    """
    shutil.copytree(
        core_folder(), folder / "pilotcore", ignore=shutil.ignore_patterns("__pycache__")
    )
    (folder / "pilot.py").write_text(START)
    for name, given in patches.items():
        several = ((given[0], given[1]),) if isinstance(given[0], str) else given
        for there, instead in several:
            _plant(folder / "pilotcore" / name, there, instead)
    return folder


def _plant(path: Path, there: str, instead: str) -> None:
    text = path.read_text()
    if text.count(there) != 1:
        found = f"{path.name} holds {text.count(there)} times what a mutant replaces"
        raise ValueError(f"{found}: {there!r}")
    path.write_text(text.replace(there, instead))
