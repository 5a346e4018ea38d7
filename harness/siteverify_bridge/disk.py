"""What a simulated node answers to questions about its files.

Below /srv these are the node's own files; elsewhere there is what the system shows (/proc, /etc)
and the folders of the node's conditions. Not modelled: permissions, the time that a disk takes.
"""

from __future__ import annotations

import errno
import posixpath
import stat as modes
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator
from typing import NoReturn

from fakesites.conditions import Folder
from fakesites.files import OutsideError
from fakesites.machine import MB
from fakesites.node import Node
from fakesites.procfs import system_folder
from siteverify.vantage import FaultError
from siteverify.vantage import ForbiddenError
from siteverify.vantage import HangError
from siteverify.vantage import MissingError
from siteverify.vantage import Space
from siteverify.vantage import Stat

TEXT_LIMIT = 65_536
PATTERN = bytes(range(256)) * 16  # as much of a file as a node keeps, the rest is hole
PROBE = ".siteverify-probe"
SCRIPT = b"#!/bin/sh\nexit 0\n"
ROOT_UID = 0


class NodeDisk:
    """The files of one node, asked about with a time limit in virtual seconds."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def stat(self, path: str, *, timeout_s: float) -> Stat:
        """Describe *path*, links followed."""
        with self._asking(path, timeout_s):
            folder = self._folder(path)
            if folder is not None:
                return Stat("dir", 0o1777 if folder.is_writable else 0o755, ROOT_UID)
            text = self._node.system_text(path)
            if text is not None:
                return Stat("file", 0o444, ROOT_UID, len(text.encode()))
            found = self._real(path).stat()
            kind = "dir" if modes.S_ISDIR(found.st_mode) else "file"
            return Stat(kind, modes.S_IMODE(found.st_mode), self._node.spec.uid, found.st_size)

    def list_dir(self, path: str, *, timeout_s: float) -> tuple[str, ...]:
        """Return the sorted names in *path*."""
        with self._asking(path, timeout_s):
            folder = self._folder(path)
            if folder is not None:
                return folder.names
            return tuple(sorted(each.name for each in self._real(path).iterdir()))

    def read_text(self, path: str, *, timeout_s: float) -> str:
        """Return the beginning of the file *path*."""
        with self._asking(path, timeout_s):
            text = self._node.system_text(path)
            if text is not None:
                return text[:TEXT_LIMIT]
            with self._real(path).open("rb") as stream:
                return stream.read(TEXT_LIMIT).decode("utf-8", "replace")

    def space(self, path: str, *, timeout_s: float) -> Space:
        """Measure the file system of *path*; outside of /srv inodes are not counted."""
        node = self._node
        with self._asking(path, timeout_s):
            folder = self._folder(path)
            if folder is not None:
                return Space(folder.free_bytes, folder.total_bytes, 0, 0)
            self._real(path).stat()
            return Space(
                free_bytes=node.free_bytes(),
                total_bytes=node.spec.disk_mb * MB,
                free_inodes=node.conditions.free_inodes,
                total_inodes=node.conditions.total_inodes,
            )

    def write_probe(self, directory: str, *, size_bytes: int, timeout_s: float) -> bool:
        """Write, read back and delete a file; tell whether it came back the same."""
        with self._asking(directory, timeout_s):
            folder = self._folder(directory)
            if folder is not None:
                return _has_room(folder, directory, size_bytes)
            with self._probe(directory) as path:
                self._node.files.write_sparse(path, PATTERN, size_bytes)
                real = self._real(path)
                with real.open("rb") as stream:
                    same = stream.read(len(PATTERN)) == PATTERN[:size_bytes]
                return same and real.stat().st_size == size_bytes

    @contextmanager
    def script(self, directory: str, *, timeout_s: float) -> Iterator[str]:
        """Put a script into *directory*, below /srv, give its path, and remove it."""
        with self._asking(directory, timeout_s), self._probe(directory) as path:
            self._node.files.write(path, SCRIPT)
            self._real(path).chmod(0o700)
            yield path

    def lets_run(self, directory: str, *, timeout_s: float) -> bool:
        """Tell whether a script in *directory*, outside of /srv, could be run."""
        with self._asking(directory, timeout_s):
            folder = self._folder(directory)
            if folder is None:
                raise MissingError(f"{directory} does not exist")
            _has_room(folder, directory, len(SCRIPT))
            return not self._node.conditions.forbids_execution(directory)

    def _folder(self, path: str) -> Folder | None:
        names = system_folder(self._node, path)
        return self._node.conditions.folder(path) if names is None else Folder(tuple(names))

    def _real(self, path: str) -> Path:
        return self._node.files.real(path)

    @contextmanager
    def _probe(self, directory: str) -> Iterator[str]:
        """Give the path of a file in *directory*, and see that it is gone after."""
        path = posixpath.join(directory, PROBE)
        if not self._real(directory).is_dir():
            raise NotADirectoryError(errno.ENOTDIR, "no directory", directory)
        try:
            yield path
        finally:
            if self._real(path).exists():
                self._node.files.remove(path)

    @contextmanager
    def _asking(self, path: str, timeout_s: float) -> Iterator[None]:
        """Let the time limit pass where *path* hangs; translate the errors of the node's files."""
        if self._node.conditions.hangs(path):
            clock = self._node.clock
            clock.run(until=clock.now + timeout_s)
            raise HangError(f"{path}: no answer in {timeout_s:g} s")
        try:
            yield
        except OSError as error:
            _raise_for(error, path)


def _has_room(folder: Folder, path: str, size_bytes: int) -> bool:
    if not folder.is_writable:
        raise ForbiddenError(f"{path} may not be used")
    if folder.free_bytes < size_bytes:
        raise FaultError(path, "ENOSPC")
    return True


def _raise_for(error: OSError, path: str) -> NoReturn:
    # What is outside of a node's files and not among its conditions does not exist.
    if isinstance(error, (FileNotFoundError, NotADirectoryError, OutsideError)):
        raise MissingError(f"{path} does not exist") from error
    if isinstance(error, PermissionError):
        raise ForbiddenError(f"{path} may not be used") from error
    raise FaultError(path, errno.errorcode.get(error.errno or 0, "EUNKNOWN")) from error
