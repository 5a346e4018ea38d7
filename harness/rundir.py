"""Run directories: ``runs/<scenario>/<pilot>-<seed>/`` and ``runs/latest``.

A run is built as a draft beside its place and moved there in one step when it is complete, so
no reader meets half a run, and an older run of the same name stays until then. Whatever
happens in between, even SIGKILL, loses neither: ``settle`` finishes the move later.

    <pilot>-<seed>/          the run
    .<pilot>-<seed>.draft-N  one being flown by process N, or left behind by it when killed
    .<pilot>-<seed>.ready    complete, about to take its place
    .<pilot>-<seed>.older    the run that it replaces, about to go
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

LATEST = "latest"
NAME_MAX = 100  # leaves room, in 255 bytes, for what a draft's name adds

_ODD = re.compile(r"[^A-Za-z0-9._+-]+")


@dataclass(slots=True)
class Draft:
    """A run directory that is being filled: *path* now, *final* once it is complete."""

    path: Path
    final: Path
    is_complete: bool = False

    def complete(self) -> None:
        """Say that nothing is missing: on leaving ``new_run`` the draft takes its place."""
        self.is_complete = True


@contextmanager
def new_run(runs: Path, *, scenario: str, pilot: str, seed: int) -> Iterator[Draft]:
    """Give a draft to fill. Completed, it becomes the run; else it is left as a draft.

    A draft is kept after an error because its journal tells how far the flight came; the next
    run of the same name removes it.
    """
    final = run_path(runs, scenario=scenario, pilot=pilot, seed=seed)
    final.parent.mkdir(parents=True, exist_ok=True)
    settle(final)
    draft = Draft(_sibling(final, f"draft-{os.getpid()}"), final)
    _remove(draft.path)
    draft.path.mkdir()
    yield draft
    if draft.is_complete:
        _publish(draft)
        _point_latest(runs, final)


def run_path(runs: Path, *, scenario: str, pilot: str, seed: int) -> Path:
    """Return where the run of these three lies."""
    return runs / file_name(scenario) / f"{file_name(pilot)}-{seed}"


def file_name(text: str) -> str:
    """Return *text* as one plain file name.

    ``pypi:3.7.0.36`` becomes ``pypi-3.7.0.36``, ``sigterm[stage-in]`` ``sigterm.stage-in``.
    """
    plain = text.replace("[", ".").replace("]", "")
    return _ODD.sub("-", plain).strip(".-")[:NAME_MAX] or "unnamed"


def find_run(given: Path) -> Path:
    """Return the run directory that *given* names, after finishing what a kill interrupted.

    *given* may be the directory, ``runs/latest``, or a file in it. Raises FileNotFoundError.
    """
    place = given.parent if given.is_file() else given
    if not place.is_symlink() and place.parent.is_dir():
        settle(place)
    if not place.is_dir():
        raise FileNotFoundError(f"no run directory at {given}")
    return place.resolve()


def settle(final: Path) -> None:
    """Finish the replacement of *final* if it was interrupted, and remove abandoned drafts."""
    if not final.parent.is_dir():
        return
    with _locked(final.parent):
        _replace(final)
        for draft in sorted(final.parent.glob(f".{_escaped(final.name)}.draft-*")):
            if not _is_alive(draft.name.rpartition("-")[2]):
                _remove(draft)


def _publish(draft: Draft) -> None:
    with _locked(draft.final.parent):
        _replace(draft.final)
        draft.path.rename(_sibling(draft.final, "ready"))
        _replace(draft.final)


def _replace(final: Path) -> None:
    """Take the replacement of *final* from wherever it stands to its end."""
    ready, older = _sibling(final, "ready"), _sibling(final, "older")
    if ready.is_dir():
        if final.is_dir():
            _remove(older)
            final.rename(older)
        ready.rename(final)
    elif older.is_dir() and not final.is_dir():
        older.rename(final)
    _remove(older)


def _point_latest(runs: Path, final: Path) -> None:
    """Let ``runs/latest`` name *final*, in one step; what is no link is left alone."""
    latest = runs / LATEST
    if latest.exists() and not latest.is_symlink():
        return
    fresh = runs / f".{LATEST}-{os.getpid()}"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(os.path.relpath(final, runs))
    fresh.replace(latest)


def _sibling(final: Path, state: str) -> Path:
    return final.with_name(f".{final.name}.{state}")


def _escaped(name: str) -> str:
    return re.sub(r"([\[\]*?])", r"[\1]", name)


def _remove(place: Path) -> None:
    if place.is_dir():
        shutil.rmtree(place)


def _is_alive(pid: str) -> bool:
    """Tell whether process *pid* of this machine lives; another's run, by doubt, is alive."""
    if not pid.isdecimal():
        return True
    try:
        os.kill(int(pid), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


@contextmanager
def _locked(home: Path) -> Iterator[None]:
    """Hold the lock of one scenario's runs, for the few renames of a replacement."""
    with open(home / ".lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
