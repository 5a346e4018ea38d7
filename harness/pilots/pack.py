"""The reference pilot as one file, which any Python from 3.9 on runs without installation.

The same source makes the same bytes: members are in order and of one date.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import zipapp
from pathlib import Path

from harness.pilots.cache import CORE_PACKAGE
from harness.pilots.cache import core_folder
from pilotcore.wrapper import NAMES
from simkernel import ScenarioError

INTERPRETER = "/usr/bin/env python3"
MAIN = f"""\
import sys

if sys.version_info < (3, 9):
    sys.exit("the reference pilot needs Python 3.9 or newer, this is " + sys.version.split()[0])
from {CORE_PACKAGE}.__main__ import main

sys.exit(main())
"""
# The first date that a zip file can have.
DATE = 315532800 + 86400


def put_wrappers(folder: Path) -> tuple[Path, ...]:
    """Write the wrappers that start a pilot into *folder*, executable. Raises ScenarioError."""
    made = []
    for name in NAMES.values():
        target = folder / name
        try:
            shutil.copyfile(core_folder() / "wrapper" / name, target)
        except OSError as error:
            raise ScenarioError(f"{target}: {error.strerror}") from error
        target.chmod(0o755)
        made.append(target)
    return tuple(made)


def pack(target: Path) -> Path:
    """Write the reference pilot to *target*, executable; return it. Raises ScenarioError."""
    if target.is_dir():
        raise ScenarioError(f"{target} is a directory", remedy="name a file, e.g. pilotcore.pyz")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "source")
        unwanted = shutil.ignore_patterns("__pycache__")
        shutil.copytree(core_folder(), source / CORE_PACKAGE, ignore=unwanted)
        (source / "__main__.py").write_text(MAIN, encoding="utf-8")
        for path in source.rglob("*"):
            os.utime(path, (DATE, DATE))
        draft = Path(folder, "draft")
        zipapp.create_archive(source, draft, interpreter=INTERPRETER, compressed=True)
        try:
            shutil.copy(draft, target)
        except OSError as error:
            raise ScenarioError(f"{target}: {error.strerror}") from error
    target.chmod(0o755)
    return target
