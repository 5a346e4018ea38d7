"""The job's log tarball: what the payload left to read, and pilotlog.txt, which names the cause.

Inputs and outputs are left out, and of a file too large to look at only the end is kept.
Members are in sorted order. Read from pilot3@a090538b:pilot/control/data.py#create_log (``tar``).
"""

from __future__ import annotations

import re
from fnmatch import translate
from pathlib import Path
from typing import Collection
from typing import Iterator

from pilotcore.errors import PilotError
from pilotcore.files import Entry
from pilotcore.files import read_at
from pilotcore.files import walk
from pilotcore.files import write_tarball

LARGE = 20_000_000
TAIL = 1_000_000
PILOT_LOG = "pilotlog.txt"
SECRETS = ("*proxy", "*secrets.json", "*token", "x509*")
"""Names of files that nobody must see: neither in a log nor in the tail of debug mode."""
# What is of no use in a log, files and folders alike: software, data bases, scratch.
# Read from pilot3@a090538b:pilot/user/atlas/common.py#get_redundants.
REDUNDANT = (
    "*.data*", "*.pyc", "*.root*", "*.tmp", "AtlasProduction*", "DBRelease*", "core.*", "geomDB*",
    "python*", "scratch", "sqlite*", "tmp*", "usr", "workdir",
)  # fmt: skip
SECRET = re.compile("|".join(map(translate, SECRETS)))
OUT = re.compile("|".join(map(translate, (*SECRETS, *REDUNDANT))))


def is_secret(name: str) -> bool:
    """Tell whether a file *name* is a credential, by its name (INC-075)."""
    return SECRET.match(name) is not None


def is_redundant(name: str) -> bool:
    """Tell whether a file or folder *name* stays out of the log."""
    return OUT.match(name) is not None


def members(directory: Path, *, but: Collection[str]) -> Iterator[Path]:
    """Yield the regular files below *directory* in order of path, without those named in *but*."""
    for folder, folders, files in walk(directory):
        # A folder is left out as a whole: it is not for removing, as a file may be (INC-103).
        folders[:] = sorted(each for each in folders if not is_redundant(each))
        for name in sorted(files):
            path = folder / name
            if is_redundant(name):
                continue
            if name not in but and path.is_file() and not path.is_symlink():
                yield path


def create_log(
    directory: Path,
    *,
    target: Path,
    prefix: str,
    but: Collection[str],
    pilot_log: str,
    now: float,
) -> None:
    """Write the tarball *target* of *directory*; its members begin with *prefix*.

    Raises PilotError (1320) if it cannot be written; what there is of it is removed then.
    """
    try:
        write_tarball(target, _entries(directory, target.name, prefix, but, pilot_log), now=now)
    except OSError as error:
        target.unlink(missing_ok=True)
        raise PilotError(1320, f"{target.name}: {error}") from error


def _entries(
    directory: Path, own_name: str, prefix: str, but: Collection[str], pilot_log: str
) -> Iterator[Entry]:
    yield Entry(f"{prefix}/{PILOT_LOG}", data=pilot_log.encode())
    for path in members(directory, but={*but, own_name, PILOT_LOG}):
        name = f"{prefix}/{path.relative_to(directory)}"
        try:
            large = path.stat().st_size > LARGE
            yield Entry(f"{name}.tail", data=tail(path, TAIL)) if large else Entry(name, path)
        except FileNotFoundError:
            # A process that has not gone yet took it away.
            continue


def tail(path: Path, count: int) -> bytes:
    """Return the last *count* bytes of the file at *path*. Raises OSError."""
    with path.open("rb") as source:
        return read_at(source, max(0, path.stat().st_size - count), count)
