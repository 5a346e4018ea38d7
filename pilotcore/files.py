"""What the pilot does with files beyond the methods of a path.

The rule: files only by the methods of a path, or by this module. Paths come from the Platform
(``platform.path(text)``, and the directory that a Pilot is started in) or are derived from one
(``path / name``), so that the pilot works in whatever file system its platform has. Each
function here is for pathlib.Path; another class of paths registers its own (singledispatch).
"""

from __future__ import annotations

import errno
import fcntl
import gzip
import io
import os
import shutil
import sqlite3
import tarfile
from contextlib import ExitStack
from contextlib import closing
from contextlib import suppress
from dataclasses import dataclass
from functools import singledispatch
from pathlib import Path
from typing import BinaryIO
from typing import Iterable
from typing import Iterator
from typing import Protocol
from typing import Sequence
from typing import Tuple


@dataclass(frozen=True)
class Entry:
    """One member of a tarball: a file as it is at *path*, or else *data*."""

    name: str
    path: Path | None = None
    data: bytes = b""


class Lock(Protocol):
    """A lock that is held."""

    def release(self) -> None:
        """Give it up."""


@singledispatch
def walk(directory: Path) -> Iterator[tuple[Path, list[str], list[str]]]:
    """Yield (folder, names of folders, names of files), as os.walk does, from the top down."""
    for folder, folders, files in os.walk(directory):
        yield directory / os.path.relpath(folder, directory), folders, files


@singledispatch
def sizes_and_times(directory: Path) -> Iterator[tuple[int, float]]:
    """Yield (bytes, time of modification) of each file below *directory*, links as such.

    Files come and go while a payload works: one that is gone by now is left out.
    """
    for folder, _folders, files in os.walk(directory):
        for name in files:
            try:
                there = os.lstat(os.path.join(folder, name))
            except FileNotFoundError:
                continue
            yield there.st_size, there.st_mtime


@singledispatch
def extents(path: Path) -> Iterator[tuple[int, int]]:
    """Yield the (begin, end) of what is not a hole in the file at *path*. Raises OSError."""
    with open(path, "rb", buffering=0) as source:
        size = os.fstat(source.fileno()).st_size
        yield from _extents(source.fileno(), size)


def _extents(fd: int, size: int) -> Iterator[tuple[int, int]]:
    if not hasattr(os, "SEEK_DATA"):
        yield 0, size
        return
    at = 0
    while at < size:
        try:
            begin = os.lseek(fd, at, os.SEEK_DATA)
        except OSError as error:
            if error.errno == errno.ENXIO:
                return
            # A file system that knows no holes.
            yield at, size
            return
        at = min(size, os.lseek(fd, begin, os.SEEK_HOLE))
        yield begin, at


@singledispatch
def remove_tree(directory: Path) -> None:
    """Remove *directory* with all that is in it. Raises OSError."""
    shutil.rmtree(directory)


@singledispatch
def move(source: Path, target: Path) -> None:
    """Move a file, onto another file system too. Raises OSError."""
    shutil.move(str(source), str(target))


@singledispatch
def write_private(path: Path, text: str) -> None:
    """Write *text* to *path*, mode 600, so that nobody ever reads half of it. Raises OSError."""
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as target:
        target.write(text)
    os.replace(part, path)


@singledispatch
def hold(path: Path, *, make: bool) -> Lock | None:
    """Return the lock in *path*, None if somebody else holds it or nobody can.

    The kernel gives it up when a process is gone, whatever it died of. *make*: the file may
    have to be made first.
    """
    try:
        lock = os.open(path, os.O_RDWR | (os.O_CREAT if make else 0), 0o600)
    except OSError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        return None
    return _FileLock(lock)


class _FileLock:
    """A lock by flock, as long as its descriptor is open."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def release(self) -> None:
        """Give it up."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)


@singledispatch
def write_tarball(target: Path, entries: Iterable[Entry], *, now: float) -> None:
    """Write a compressed tarball; *now* is the time of what is no file. Raises OSError.

    A file that is gone when its turn comes is left out. Whose files they were on the node is
    nobody's business.
    """
    try:
        with ExitStack() as stack:
            raw = stack.enter_context(open(target, "wb"))
            packed = stack.enter_context(gzip.GzipFile("", "wb", 1, raw, mtime=int(now)))
            tarball = stack.enter_context(tarfile.open(fileobj=packed, mode="w"))
            for each in entries:
                _add(tarball, each, now)
    except tarfile.TarError as error:
        raise OSError(str(error)) from error


def _add(tarball: tarfile.TarFile, entry: Entry, now: float) -> None:
    if entry.path is not None:
        with suppress(FileNotFoundError):
            tarball.add(entry.path, entry.name, recursive=False, filter=_nobodys)
        return
    member = tarfile.TarInfo(entry.name)
    member.size = len(entry.data)
    member.mtime = int(now)
    tarball.addfile(member, io.BytesIO(entry.data))


Row = Tuple[object, ...]
Statement = Tuple[str, Row]
BUSY_S = 5.0


@singledispatch
def execute(path: Path, statements: Sequence[Statement]) -> list[Row]:
    """Run SQL *statements* on the database in *path*, made if need be, as one transaction.

    Returns the rows of the last one. Whoever is killed meanwhile leaves all of it or nothing.
    Raises OSError.
    """
    try:
        with closing(sqlite3.connect(path, timeout=BUSY_S)) as database:
            return run_all(database, statements)
    except sqlite3.Error as error:
        raise OSError(f"{path.name}: {error}") from error


def run_all(database: sqlite3.Connection, statements: Sequence[Statement]) -> list[Row]:
    """Run *statements* as one transaction; return the rows of the last one."""
    rows: list[Row] = []
    with database:
        for text, values in statements:
            rows = database.execute(text, values).fetchall()
    return rows


def _nobodys(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mtime = int(member.mtime)
    return member


def read_at(source: BinaryIO, at: int, count: int) -> bytes:
    """Return at most *count* bytes of *source* from position *at*."""
    source.seek(at)
    return source.read(count)
