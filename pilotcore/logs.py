"""The job's log tarball: what the payload left to read, and pilotlog.txt, which names the cause.

Inputs and outputs are left out, and of a file too large to look at only the end is kept.
Members are in sorted order. Read from pilot3@a090538b:pilot/control/data.py#create_log (``tar``).
"""

from __future__ import annotations

import io
import os
import tarfile
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Collection
from typing import Iterator

from pilotcore.errors import PilotError

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


def is_secret(name: str) -> bool:
    """Tell whether a file *name* is a credential, by its name (INC-075)."""
    return any(fnmatchcase(name, pattern) for pattern in SECRETS)


def is_redundant(name: str) -> bool:
    """Tell whether a file or folder *name* stays out of the log."""
    return is_secret(name) or any(fnmatchcase(name, pattern) for pattern in REDUNDANT)


def members(directory: Path, *, but: Collection[str]) -> Iterator[Path]:
    """Yield the regular files below *directory* in order of path, without those named in *but*."""
    for folder, folders, files in os.walk(directory):
        # A folder is left out as a whole: it is not for removing, as a file may be (INC-103).
        folders[:] = sorted(each for each in folders if not is_redundant(each))
        for name in sorted(files):
            path = Path(folder, name)
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
        with tarfile.open(target, "w:gz", compresslevel=1) as tarball:
            _add_text(tarball, f"{prefix}/{PILOT_LOG}", pilot_log.encode(), now)
            for path in members(directory, but={*but, target.name, PILOT_LOG}):
                _add(tarball, path, f"{prefix}/{path.relative_to(directory)}", now)
    except (OSError, tarfile.TarError) as error:
        target.unlink(missing_ok=True)
        raise PilotError(1320, f"{target.name}: {error}") from error


def _add(tarball: tarfile.TarFile, path: Path, name: str, now: float) -> None:
    try:
        size = path.stat().st_size
        if size <= LARGE:
            tarball.add(path, name, recursive=False)
        else:
            _add_text(tarball, f"{name}.tail", tail(path, TAIL), now)
    except FileNotFoundError:
        # A process that has not gone yet took it away.
        return


def _add_text(tarball: tarfile.TarFile, name: str, data: bytes, now: float) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(data)
    member.mtime = int(now)
    tarball.addfile(member, io.BytesIO(data))


def tail(path: Path, count: int) -> bytes:
    """Return the last *count* bytes of the file at *path*. Raises OSError."""
    with open(path, "rb") as source:
        source.seek(max(0, os.fstat(source.fileno()).st_size - count))
        return source.read(count)
