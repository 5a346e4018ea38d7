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

Patches = Mapping[str, tuple[str, str]]


def plant(folder: Path, patches: Patches) -> Path:
    """Put a core with *patches* (file -> (what is there, what comes instead)) into *folder*."""
    shutil.copytree(
        core_folder(), folder / "pilotcore", ignore=shutil.ignore_patterns("__pycache__")
    )
    (folder / "pilot.py").write_text(START)
    for name, (there, instead) in patches.items():
        path = folder / "pilotcore" / name
        text = path.read_text()
        if text.count(there) != 1:
            raise ValueError(
                f"{name} holds {text.count(there)} times what a mutant replaces: {there!r}"
            )
        path.write_text(text.replace(there, instead))
    return folder
