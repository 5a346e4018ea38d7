"""Paths of a worker node for a pilot inside the host: seen at /srv, kept where the node is.

``str()`` of a path is what the pilot sees, ``os.fspath()`` where it really lies, so that pathlib's
own methods work on the node's files. What is written is stamped with virtual time before anybody
looks. A path that is not of the node leads nowhere.
"""

from __future__ import annotations

import os
from pathlib import Path
from pathlib import PosixPath
from typing import IO
from typing import Any
from typing import Callable
from typing import Iterator

from fakesites.files import NodeFiles
from fakesites.files import OutsideError
from pilotcore import files
from pilotcore.files import Lock

NOWHERE = "/nonexistent"
WRITES = frozenset("wax+")


class Stamps:
    """What a pilot has written, and when (POSIX seconds), until somebody looks at it."""

    def __init__(self, wall: Callable[[], float]) -> None:
        self._wall = wall
        self._written: dict[str, float] = {}

    def note(self, real: str) -> None:
        """Note that the file at *real* is written now, and with it its folder if it is new."""
        now = self._wall()
        if not os.path.lexists(real):
            self._written[os.path.dirname(real)] = now
        self._written[real] = now

    def note_folder(self, real: str) -> None:
        """Note that what is in the folder of *real* changes now."""
        self._written[os.path.dirname(real)] = self._wall()

    def put(self) -> None:
        """Stamp all that was noted."""
        for real, posix in self._written.items():
            if os.path.lexists(real):
                os.utime(real, (posix, posix), follow_symlinks=False)
        self._written.clear()


class NodePath(PosixPath):
    """A path of one node; node_paths() makes the class for it."""

    files: NodeFiles
    stamps: Stamps
    locks: list[Lock]

    def __fspath__(self) -> str:
        text = str(self)
        if text.startswith(str(self.files.root)):
            return text
        try:
            return str(self.files.real(text, follow=False))
        except OutsideError:
            return NOWHERE + text

    def open(self, mode: str = "r", *args: Any, **named: Any) -> IO[Any]:  # type: ignore[override]
        """Open the file; one that is written gets its time later."""
        if WRITES & set(mode):
            self.stamps.note(os.fspath(self))
        else:
            self.stamps.put()
        return super().open(mode, *args, **named)

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        """Return the status of the file, with the time that it should have."""
        self.stamps.put()
        return super().stat(follow_symlinks=follow_symlinks)

    def mkdir(self, mode: int = 0o777, parents: bool = False, exist_ok: bool = False) -> None:
        """Make a folder, whose time is virtual."""
        self.stamps.note(os.fspath(self))
        super().mkdir(mode, parents, exist_ok)

    def unlink(self, missing_ok: bool = False) -> None:
        """Remove the file, by which its folder changes."""
        self.stamps.note_folder(os.fspath(self))
        super().unlink(missing_ok)

    def replace(self, target: Any) -> Any:
        """Take the place of *target*."""
        self.stamps.put()
        self.stamps.note_folder(os.fspath(target))
        return super().replace(target)

    def resolve(self, strict: bool = False) -> NodePath:  # noqa: ARG002
        """Return the path without links; those of a node are few, and lead to nowhere else."""
        return type(self)(os.path.normpath(str(self)))


def node_paths(node_files: NodeFiles, stamps: Stamps) -> type[NodePath]:
    """Return the class of paths of one pilot on a node."""
    return type("PilotPath", (NodePath,), {"files": node_files, "stamps": stamps, "locks": []})


@files.sizes_and_times.register(NodePath)
def _sizes_and_times(directory: NodePath) -> Iterator[tuple[int, float]]:
    directory.stamps.put()
    return files.sizes_and_times.dispatch(Path)(directory)


@files.hold.register(NodePath)
def _hold(path: NodePath, *, make: bool) -> Lock | None:
    if make:
        path.stamps.note(os.fspath(path))
    lock: Lock | None = files.hold.dispatch(Path)(path, make=make)
    if lock is not None:
        path.locks.append(lock)
    return lock


@files.write_tarball.register(NodePath)
def _write_tarball(target: NodePath, entries: Any, *, now: float) -> None:
    target.stamps.put()
    target.stamps.note(os.fspath(target))
    files.write_tarball.dispatch(Path)(target, entries, now=now)


@files.write_private.register(NodePath)
def _write_private(path: NodePath, text: str) -> None:
    path.stamps.note(os.fspath(path))
    files.write_private.dispatch(Path)(path, text)


@files.move.register(NodePath)
def _move(source: NodePath, target: NodePath) -> None:
    source.stamps.put()
    os.replace(source, target)


@files.execute.register(NodePath)
def _execute(path: NodePath, statements: Any) -> Any:
    path.stamps.note(os.fspath(path))
    path.stamps.note_folder(os.fspath(path))
    return files.execute.dispatch(Path)(path, statements)
