"""A file system in memory, whose paths have as much of pathlib's interface as the core uses.

One *Tree* is the disk of one worker node: a table from absolute path to what is there. What a
file holds are its first bytes, then zeros. Listing a folder looks through the whole table, which
on the node of one pilot has some ten rows. Not modelled: links, owners, permissions that keep
anybody out, a disk that is full.
"""

from __future__ import annotations

import errno
import io
import os
import sqlite3
import stat
from contextlib import closing
from fnmatch import fnmatchcase
from typing import IO
from typing import Any
from typing import Callable
from typing import Iterable
from typing import Iterator
from typing import NamedTuple
from typing import Sequence

from pilotcore import files
from pilotcore.files import Entry

Interface: Any = object
"""To a type checker a path in memory is as good as any."""
FILE_MODE = stat.S_IFREG | 0o644
FOLDER_MODE = stat.S_IFDIR | 0o755


class Node:
    """What is at one path: a folder, or a file of *size* bytes that begins with *data*."""

    __slots__ = ("data", "locked", "mode", "mtime", "size", "statements")

    def __init__(self, mode: int, mtime: float) -> None:
        self.mode = mode
        self.mtime = mtime
        self.size = 0
        self.data = b""
        self.locked = False
        self.statements: tuple[files.Statement, ...] = ()


class Status(NamedTuple):
    """What of os.stat_result the core reads."""

    st_mode: int
    st_size: int
    st_mtime: float


class Tree:
    """One disk; *now* gives POSIX seconds for times of modification.

    What goes into databases is forgotten unless it *keeps_records*.
    """

    __slots__ = ("keeps_records", "nodes", "now")

    def __init__(self, now: Callable[[], float], *, keeps_records: bool = True) -> None:
        self.now = now
        self.keeps_records = keeps_records
        self.nodes: dict[str, Node] = {}

    def path(self, text: str) -> MemPath:
        """Return the path *text* on this disk."""
        return MemPath(self, text)

    def below(self, folder: str) -> list[str]:
        """Return the paths of all that is below *folder*."""
        start = folder.rstrip("/") + "/"
        return [text for text in self.nodes if text.startswith(start)]

    def node(self, text: str) -> Node:
        """Return what is at *text*. Raises FileNotFoundError."""
        found = self.nodes.get(text)
        if found is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), text)
        return found

    def write(self, text: str, data: bytes) -> None:
        """Make or replace the file at *text*. Raises FileNotFoundError without its folder."""
        self.put(text, len(data)).data = data

    def put(self, text: str, size: int) -> Node:
        """Make or replace the file at *text*, of *size* zeros; return it."""
        there = self.nodes.get(text)
        if there is None:
            self.node(text.rpartition("/")[0])
            there = self.nodes[text] = Node(FILE_MODE, 0.0)
        there.mtime, there.size, there.data = self.now(), size, b""
        return there


class MemPath(Interface):  # type: ignore[misc]
    """An absolute path on one disk."""

    __slots__ = ("text", "tree")

    def __init__(self, tree: Tree, text: str) -> None:
        self.tree = tree
        self.text = text

    # -- what a path is

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"MemPath({self.text!r})"

    def __fspath__(self) -> str:
        return self.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MemPath) and self.text == other.text

    def __lt__(self, other: MemPath) -> bool:
        return self.text.split("/") < other.text.split("/")

    def __truediv__(self, name: object) -> MemPath:
        text = str(name)
        return MemPath(self.tree, text if text.startswith("/") else f"{self.text}/{text}")

    @property
    def name(self) -> str:
        return self.text.rpartition("/")[2]

    @property
    def stem(self) -> str:
        name = self.name
        return name.rpartition(".")[0] or name

    @property
    def suffix(self) -> str:
        stem, dot, end = self.name.rpartition(".")
        return f"{dot}{end}" if stem else ""

    @property
    def parent(self) -> MemPath:
        return MemPath(self.tree, self.text.rpartition("/")[0] or "/")

    @property
    def parents(self) -> tuple[MemPath, ...]:
        parts = self.text.split("/")[1:-1]
        texts = ["/" + "/".join(parts[:count]) for count in range(len(parts), -1, -1)]
        return tuple(MemPath(self.tree, text) for text in texts)

    def with_name(self, name: str) -> MemPath:
        return MemPath(self.tree, f"{self.text.rpartition('/')[0]}/{name}")

    def with_suffix(self, suffix: str) -> MemPath:
        return self.with_name(f"{self.stem}{suffix}")

    def relative_to(self, other: MemPath) -> str:
        start = f"{other.text}/"
        if not self.text.startswith(start):
            raise ValueError(f"{self.text} is not below {other.text}")
        return self.text[len(start) :]

    def resolve(self) -> MemPath:
        return MemPath(self.tree, os.path.normpath(self.text))

    # -- what is there

    def stat(self) -> Status:
        there = self.tree.node(self.text)
        return Status(there.mode, there.size, there.mtime)

    lstat = stat

    def exists(self) -> bool:
        return self.text in self.tree.nodes

    def is_file(self) -> bool:
        there = self.tree.nodes.get(self.text)
        return there is not None and there.mode & stat.S_IFREG != 0

    def is_dir(self) -> bool:
        there = self.tree.nodes.get(self.text)
        return there is not None and there.mode & stat.S_IFDIR != 0

    def is_symlink(self) -> bool:
        return False

    def glob(self, pattern: str) -> Iterator[MemPath]:
        start = len(self.text) + 1
        for text in self.tree.below(self.text):
            name = text[start:]
            if "/" not in name and fnmatchcase(name, pattern):
                yield MemPath(self.tree, text)

    def iterdir(self) -> Iterator[MemPath]:
        return self.glob("*")

    # -- what is done there

    def mkdir(self, *, parents: bool = False, exist_ok: bool = False) -> None:
        nodes = self.tree.nodes
        if self.text in nodes:
            if exist_ok and self.is_dir():
                return
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), self.text)
        above = self.text.rpartition("/")[0]
        if above and above not in nodes:
            if not parents:
                self.tree.node(above)
            MemPath(self.tree, above).mkdir(parents=True)
        nodes[self.text] = Node(FOLDER_MODE, self.tree.now())

    def unlink(self, missing_ok: bool = False) -> None:
        if self.tree.nodes.pop(self.text, None) is None and not missing_ok:
            self.tree.node(self.text)

    def rmdir(self) -> None:
        self.tree.node(self.text)
        if self.tree.below(self.text):
            raise OSError(errno.ENOTEMPTY, os.strerror(errno.ENOTEMPTY), self.text)
        del self.tree.nodes[self.text]

    def replace(self, target: MemPath) -> MemPath:
        self.tree.nodes[target.text] = self.tree.node(self.text)
        del self.tree.nodes[self.text]
        return target

    def chmod(self, mode: int) -> None:
        there = self.tree.node(self.text)
        there.mode = stat.S_IFMT(there.mode) | mode

    def read_bytes(self) -> bytes:
        there = self.tree.node(self.text)
        return there.data + bytes(there.size - len(there.data))

    def read_text(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        return self.read_bytes().decode(encoding, errors)

    def write_bytes(self, data: bytes) -> int:
        self.tree.write(self.text, data)
        return len(data)

    def write_text(self, text: str, encoding: str = "utf-8") -> int:
        return self.write_bytes(text.encode(encoding))

    def open(self, mode: str = "r", encoding: str | None = None) -> IO[Any]:
        """Open for reading, or for writing what is kept when it is closed."""
        stream: Any
        if "r" in mode:
            stream = _Read(self.tree.node(self.text))
        else:
            stream = _Written(self, self.read_bytes() if "a" in mode and self.exists() else b"")
        return stream if "b" in mode else io.TextIOWrapper(stream, encoding=encoding or "utf-8")


class _Read(io.BufferedIOBase):
    """A file that is read; its zeros are made as they are asked for."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._at = 0

    def readable(self) -> bool:
        return True

    def seek(self, at: int, whence: int = os.SEEK_SET) -> int:
        self._at = at + (0, self._at, self._node.size)[whence]
        return self._at

    def read(self, count: int | None = -1) -> bytes:
        node, begin = self._node, self._at
        end = node.size if count is None or count < 0 else min(node.size, begin + count)
        self._at = max(begin, end)
        data = node.data[begin:end]
        return data + bytes(max(0, end - begin) - len(data))


class _Written(io.BytesIO):
    """What is written to a file; it is there once it is closed."""

    def __init__(self, path: MemPath, kept: bytes) -> None:
        super().__init__()
        self._path = path
        self.write(kept)

    def close(self) -> None:
        if not self.closed:
            self._path.write_bytes(self.getvalue())
        super().close()


# -- what pilotcore/files.py does with these paths


@files.walk.register(MemPath)
def _walk(directory: MemPath) -> Iterator[tuple[MemPath, list[str], list[str]]]:
    there = list(directory.iterdir())
    folders = [path.name for path in there if path.is_dir()]
    yield directory, folders, [path.name for path in there if path.is_file()]
    for name in folders:
        yield from _walk(directory / name)


@files.sizes_and_times.register(MemPath)
def _sizes_and_times(directory: MemPath) -> Iterator[tuple[int, float]]:
    start = f"{directory.text}/"
    for text, there in directory.tree.nodes.items():
        if text.startswith(start) and there.mode & stat.S_IFREG:
            yield there.size, there.mtime


@files.extents.register(MemPath)
def _extents(path: MemPath) -> Iterator[tuple[int, int]]:
    there = path.tree.node(path.text)
    if there.data:
        yield 0, len(there.data)


@files.remove_tree.register(MemPath)
def _remove_tree(directory: MemPath) -> None:
    for text in [directory.text, *directory.tree.below(directory.text)]:
        del directory.tree.nodes[text]


@files.move.register(MemPath)
def _move(source: MemPath, target: MemPath) -> None:
    source.replace(target)


@files.write_private.register(MemPath)
def _write_private(path: MemPath, text: str) -> None:
    path.write_text(text)
    path.chmod(0o600)


class _Held:
    """A lock of a node's own."""

    __slots__ = ("_node",)

    def __init__(self, node: Node) -> None:
        self._node = node
        node.locked = True

    def release(self) -> None:
        """Give it up."""
        self._node.locked = False


@files.execute.register(MemPath)
def _execute(path: MemPath, statements: Sequence[files.Statement]) -> list[files.Row]:
    """Keep what is written as statements; there is a database once somebody asks for rows."""
    there = path.tree.nodes.get(path.text) or path.tree.put(path.text, 0)
    asked = statements[-1][0].startswith("SELECT")
    if path.tree.keeps_records or asked:
        there.statements = (*there.statements, *statements[: -1 if asked else None])
    if not asked:
        return []
    try:
        with closing(sqlite3.connect(":memory:")) as database:
            return files.run_all(database, (*there.statements, statements[-1]))
    except sqlite3.Error as error:
        raise OSError(f"{path.name}: {error}") from error


@files.hold.register(MemPath)
def _hold(path: MemPath, *, make: bool) -> _Held | None:
    there = path.tree.nodes.get(path.text)
    if there is None and make:
        there = path.tree.put(path.text, 0)
    return None if there is None or there.locked else _Held(there)


@files.write_tarball.register(MemPath)
def _write_tarball(target: MemPath, entries: Iterable[Entry], *, now: float) -> None:  # noqa: ARG001
    """Make a file as large as the tarball, without packing: 512 bytes and the data a member."""
    size = 1024
    for each in entries:
        held = len(each.data) if each.path is None else each.path.stat().st_size
        size += 512 + (held + 511) // 512 * 512
    target.tree.put(target.text, size)
