"""Questions about files, as the real machine answers them.

Each is asked in a child that is given up at its limit. Nothing is written but the probes, which
are removed again.
"""

from __future__ import annotations

import errno
import os
import stat as modes
import subprocess
from contextlib import suppress
from functools import partial
from typing import Callable
from typing import NoReturn
from typing import TypeVar

from siteverify._forked import ask_in_child
from siteverify.vantage import FaultError
from siteverify.vantage import ForbiddenError
from siteverify.vantage import HangError
from siteverify.vantage import MissingError
from siteverify.vantage import Space
from siteverify.vantage import Stat
from siteverify.vantage import VantageError

T = TypeVar("T")
TEXT_LIMIT = 65536
PATTERN = bytes(range(256)) * 4096  # 1 MiB
SCRIPT = b"#!/bin/sh\nexit 0\n"
TIDY_S = 1.0
NEW = os.O_CREAT | os.O_EXCL  # never through a link that somebody left in /tmp


def stat(path: str, *, timeout_s: float) -> Stat:
    """Describe *path*, links followed."""
    return _ask(_stat, path, timeout_s=timeout_s)


def list_dir(path: str, *, timeout_s: float) -> tuple[str, ...]:
    """Return the sorted names in *path*."""
    return _ask(_list_dir, path, timeout_s=timeout_s)


def read_text(path: str, *, timeout_s: float) -> str:
    """Return the beginning of the file *path*."""
    return _ask(_read_text, path, timeout_s=timeout_s)


def space(path: str, *, timeout_s: float) -> Space:
    """Measure the file system of *path*."""
    return _ask(_space, path, timeout_s=timeout_s)


def write_probe(directory: str, *, size_bytes: int, timeout_s: float) -> bool:
    """Write, sync, read back and delete a file; tell whether it came back the same."""
    question = partial(_write_probe, size_bytes=size_bytes)
    return _leaving_nothing(question, directory, timeout_s=timeout_s)


def exec_probe(directory: str, *, timeout_s: float) -> bool:
    """Tell whether a script in *directory* can be run."""
    return _leaving_nothing(_exec_probe, directory, timeout_s=timeout_s)


def _ask(question: Callable[[str], T], path: str, *, timeout_s: float) -> T:
    def translated() -> T:
        try:
            return question(path)
        except OSError as error:
            _raise_for(error, path)

    return ask_in_child(translated, what=path, timeout_s=timeout_s)


def _leaving_nothing(probe: Callable[[str], T], directory: str, *, timeout_s: float) -> T:
    """Call *probe* with the path of a new file in *directory*, and see that it is gone after."""
    name = f".siteverify-{os.getpid()}-{os.urandom(4).hex()}"
    path = os.path.join(directory, name)
    try:
        return _ask(lambda _: probe(path), directory, timeout_s=timeout_s)
    except HangError:
        # The child was killed before it could tidy up; where even that hangs, the file stays.
        with suppress(VantageError):
            _ask(os.unlink, path, timeout_s=TIDY_S)
        raise


def _raise_for(error: OSError, path: str) -> NoReturn:
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        raise MissingError(f"{path} does not exist") from error
    if isinstance(error, PermissionError):
        raise ForbiddenError(f"{path} may not be used") from error
    raise FaultError(path, errno.errorcode.get(error.errno or 0, "EUNKNOWN")) from error


def _stat(path: str) -> Stat:
    found = os.stat(path)
    kind = "other"
    if modes.S_ISREG(found.st_mode):
        kind = "file"
    elif modes.S_ISDIR(found.st_mode):
        kind = "dir"
    return Stat(kind, modes.S_IMODE(found.st_mode), found.st_uid, found.st_size)


def _list_dir(path: str) -> tuple[str, ...]:
    return tuple(sorted(os.listdir(path)))


def _read_text(path: str) -> str:
    with open(path, "rb") as stream:
        return stream.read(TEXT_LIMIT).decode("utf-8", "replace")


def _space(path: str) -> Space:
    found = os.statvfs(path)
    return Space(
        free_bytes=found.f_bavail * found.f_frsize,
        total_bytes=found.f_blocks * found.f_frsize,
        free_inodes=found.f_favail,
        total_inodes=found.f_files,
    )


def _write_probe(path: str, *, size_bytes: int) -> bool:
    descriptor = os.open(path, os.O_RDWR | NEW, 0o600)
    try:
        for size in _pieces(size_bytes):
            _write_all(descriptor, PATTERN[:size])
        os.fsync(descriptor)
        if hasattr(os, "posix_fadvise"):  # so that the disk is read, not the cache
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        os.lseek(descriptor, 0, os.SEEK_SET)
        same = [_read_all(descriptor, size) == PATTERN[:size] for size in _pieces(size_bytes)]
    finally:
        os.close(descriptor)
        os.unlink(path)
    return all(same)


def _pieces(size_bytes: int) -> list[int]:
    whole, rest = divmod(size_bytes, len(PATTERN))
    return [len(PATTERN)] * whole + ([rest] if rest else [])


def _write_all(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]


def _read_all(descriptor: int, size: int) -> bytes:
    data = b""
    while len(data) < size:
        chunk = os.read(descriptor, size - len(data))
        if not chunk:
            break
        data += chunk
    return data


def _exec_probe(path: str) -> bool:
    descriptor = os.open(path, os.O_WRONLY | NEW, 0o700)
    try:
        _write_all(descriptor, SCRIPT)
        os.close(descriptor)  # a file that is open for writing cannot be run
        return _runs(path)
    finally:
        os.unlink(path)


def _runs(path: str) -> bool:
    try:
        return subprocess.call([path], stdin=subprocess.DEVNULL) == 0
    except PermissionError:
        return False
