"""The directory of one pilot, in the one in which pilots start.

Several pilots may start in the same place at the same time: each takes the first free number.
"""

from __future__ import annotations

from pathlib import Path

from pilotcore.errors import PilotError
from pilotcore.logbook import Logbook

PREFIX = "pilotcore_"
DIRECTORIES_MAX = 1000


def make_directory(start: Path) -> Path:
    """Make a directory below *start* that is nobody else's. Raises PilotError (1199)."""
    try:
        start.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PilotError(1199, f"{start.name}: {error.strerror}") from error
    for number in range(1, DIRECTORIES_MAX + 1):
        directory = start / f"{PREFIX}{number}"
        try:
            directory.mkdir()
        except FileExistsError:
            continue
        except OSError as error:
            raise PilotError(1199, f"{directory.name}: {error.strerror}") from error
        return directory
    raise PilotError(1199, f"{start.name} has {DIRECTORIES_MAX} directories of pilots")


def remove_directory(directory: Path, *, log: Logbook) -> None:
    """Remove *directory* if it is empty; what a job had to leave there stays."""
    try:
        directory.rmdir()
    except OSError as error:
        log.warning(f"{directory.name} cannot be removed: {error.strerror}")
