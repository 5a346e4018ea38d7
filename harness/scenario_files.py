"""Which TOML file is a scenario. Asked of every file that pytest meets: it imports nothing."""

from __future__ import annotations

import re
from pathlib import Path

SUFFIX = ".toml"
FOLDER = "scenarios"
HEAD_MAX = 200  # bytes in which the schema line must stand

_SCHEMA_LINE = re.compile(rb"^#:schema\s+\S*(?:flightsim|scenario\.schema\.json)", re.MULTILINE)


def is_scenario_file(path: Path) -> bool:
    """Tell whether a file found in a folder is meant for flightsim.

    It is if it lies in a folder called scenarios, or if its first lines name our schema.
    """
    if path.suffix != SUFFIX or not path.is_file():
        return False
    if path.absolute().parent.name == FOLDER:
        return True
    with open(path, "rb") as file:
        return _SCHEMA_LINE.search(file.read(HEAD_MAX)) is not None


def scenario_files(path: Path) -> list[Path]:
    """Return the scenario files that *path* means: itself, or those in a folder, sorted."""
    if not path.is_dir():
        return [path]
    return [each for each in sorted(path.rglob(f"*{SUFFIX}")) if is_scenario_file(each)]
