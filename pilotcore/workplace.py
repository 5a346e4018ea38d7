"""The directory of one pilot, in the one in which pilots start, and who holds it.

Several pilots may start in the same place at the same time: each takes the first free number.
A lock in the directory tells whether its pilot lives: the kernel gives it up when a process is
gone, whatever it died of, and no pid has to be trusted.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Iterator

from pilotcore.errors import PilotError
from pilotcore.files import Lock
from pilotcore.files import hold
from pilotcore.logbook import Logbook

PREFIX = "pilotcore_"
LOCK = "pilot.lock"
DIRECTORIES_MAX = 1000


@dataclass
class Workplace:
    """A pilot's *directory*, held by *lock* (None where there are no locks)."""

    directory: Path
    lock: Lock | None

    def release(self) -> None:
        """Let go of the directory. The lock's file goes first: nobody shall find it free."""
        (self.directory / LOCK).unlink(missing_ok=True)
        self._close()

    def __enter__(self) -> Workplace:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()

    def _close(self) -> None:
        if self.lock is not None:
            self.lock.release()
            self.lock = None


def make_workplace(start: Path) -> Workplace:
    """Make a directory below *start* that is nobody else's. Raises PilotError (1199)."""
    directory = _make_directory(start)
    return Workplace(directory, hold(directory / LOCK, make=True))


def abandoned(start: Path, *, but: Path) -> Iterator[Workplace]:
    """Yield the directories below *start* whose pilots are gone, held now, in order of number."""
    there = [path for path in start.glob(f"{PREFIX}*") if path.name[len(PREFIX) :].isdigit()]
    for directory in sorted(there, key=lambda path: int(path.name[len(PREFIX) :])):
        lock = None if directory == but else hold(directory / LOCK, make=False)
        if lock is not None:
            yield Workplace(directory, lock)


def is_held(directory: Path) -> bool:
    """Tell whether the pilot lives whose *directory* this is."""
    if not (directory / LOCK).exists():
        return False
    lock = hold(directory / LOCK, make=False)
    if lock is not None:
        lock.release()
    return lock is None


def _make_directory(start: Path) -> Path:
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
