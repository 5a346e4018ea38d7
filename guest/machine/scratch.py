"""``/tmp`` of the node: what a program does there it does in its root's own ``tmp``.

So it is the node's, not the machine's, in every wall mode; the tools of the node see the same
files. Paths are moved below all else that this runtime replaces. Not modelled: what native code does
with such a path by itself (sqlite3, imports from there); ``..`` that leads out of /tmp.
"""

from __future__ import annotations

import _io
import builtins
import io
import os
import sys

SCRATCH = "/tmp"
BELOW = f"{SCRATCH}/"
# Functions of os by how many paths they begin with.
ONE = (
    "access", "chdir", "chflags", "chmod", "chown", "lchown", "listdir", "lstat", "mkdir", "mkfifo",
    "mknod", "open", "pathconf", "readlink", "remove", "rmdir", "setxattr", "getxattr", "listxattr",
    "removexattr", "stat", "statvfs", "truncate", "unlink", "utime",
)  # fmt: skip
TWO = ("link", "rename", "replace", "symlink")


class Scratch:
    """Moves paths; *root* has the folder that stands for /tmp."""

    def __init__(self, root):
        self.folder = f"{root}/tmp"
        # What really lies there and is no business of the node's: our root, interpreters.
        homes = (root, sys.prefix, sys.base_prefix, os.path.dirname(os.__file__))
        self._others = tuple(f"{each}/" for each in homes if each.startswith(BELOW))
        self._roots = tuple(each[:-1] for each in self._others)
        self._inside = False

    def moved(self, path):
        """Return where *path* really lies; it itself if that is no matter of ours."""
        name = path
        if not isinstance(name, str):
            if not isinstance(name, (bytes, os.PathLike)):
                return path
            name = os.fspath(name)
            if isinstance(name, bytes):
                return os.fsencode(self.moved(os.fsdecode(name)))
        if name[:5] != BELOW:
            return self.folder if name == SCRATCH else path
        if name.startswith(self._others) or name in self._roots:
            return path
        return f"{self.folder}/{name[5:]}"

    def shown(self, path):
        """Return *path*, which lies in the folder, as the program knows it."""
        return f"{SCRATCH}{path[len(self.folder) :]}" if path.startswith(self.folder) else path

    # -- functions

    def one(self, true):
        """Return *true*, a function of one path, with that moved."""

        def call(path, *args, **kwargs):
            # Nearly all are such: no call is spent on them.
            if path.__class__ is str and path[:4] != SCRATCH:
                return true(path, *args, **kwargs)
            there = self.moved(path)
            if there is path:
                return true(path, *args, **kwargs)
            try:
                return true(there, *args, **kwargs)
            except OSError as error:
                error.filename = path
                raise

        return call

    def two(self, true):
        """Return *true*, a function of two paths, with both moved."""

        def call(src, dst, *args, **kwargs):
            try:
                return true(self.moved(src), self.moved(dst), *args, **kwargs)
            except OSError as error:
                error.filename, error.filename2 = src, dst
                raise

        return call

    def listdir(self, true):
        """Return *true*, whose path may be left out."""
        one = self.one(true)
        return lambda path=".": one(path)

    def chdir(self, true):
        """Return *true*; who has gone to /tmp knows it by that name."""
        one = self.one(true)

        def chdir(path):
            one(path)
            if not isinstance(path, int) and os.fspath(path)[:1] in ("/", b"/"):
                self._inside = self.moved(path) is not path

        return chdir

    def getcwd(self, true):
        """Return *true*, with the name by which the program came there."""

        def getcwd():
            if self._inside:
                return self.shown(true())
            return true()

        return getcwd

    def scandir(self, true):
        """Return *true*, whose entries are where the program looked for them."""

        def scandir(path="."):
            there = self.moved(path)
            return true(there) if there is path else Scan(true(there), os.fsdecode(path))

        return scandir


class Scan:
    """What ``os.scandir`` returns for a folder that was moved: entries, under their own path."""

    def __init__(self, entries, folder):
        self._entries, self._folder = entries, folder

    def __iter__(self):
        return self

    def __next__(self):
        return Moved(next(self._entries), self._folder)

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self.close()

    def close(self):
        self._entries.close()


class Moved:
    """One entry of such a folder."""

    __slots__ = ("_entry", "name", "path")

    def __init__(self, entry, folder):
        self._entry = entry
        self.name = entry.name
        self.path = f"{folder.rstrip('/')}/{entry.name}"

    def __getattr__(self, name):
        return getattr(self._entry, name)

    def __fspath__(self):
        return self.path


def install(root):
    """Replace the functions that take paths, before anything but the guard does."""
    scratch = Scratch(root)
    for name in (*ONE, *TWO):
        if hasattr(os, name):
            kind = getattr(scratch, name, scratch.two if name in TWO else scratch.one)
            _replace(name, kind(getattr(os, name)))
    _replace("scandir", scratch.scandir(os.scandir))
    _replace("getcwd", scratch.getcwd(os.getcwd))
    true_open = io.open

    def open_file(file, *args, **kwargs):
        if file.__class__ is str and file[:4] != SCRATCH:
            return true_open(file, *args, **kwargs)
        there = scratch.moved(file)
        if there is file:
            return true_open(file, *args, **kwargs)
        try:
            return true_open(there, *args, **kwargs)
        except OSError as error:
            error.filename = file
            raise

    _replace_open(open_file, scratch)
    os.getcwdb = lambda: os.fsencode(os.getcwd())


def _replace(name, function):
    function.__name__ = function.__qualname__ = name
    for able in (os.supports_dir_fd, os.supports_fd, os.supports_follow_symlinks):
        if getattr(os, name) in able:
            able.add(function)
    setattr(os, name, function)


def _replace_open(open_file, scratch):
    true_init = _io.FileIO.__init__

    class FileIO(_io.FileIO):
        """A file that knows itself by the name that the program gave it."""

        def __init__(self, file, *args, **kwargs):
            there = scratch.moved(file)
            try:
                true_init(self, there, *args, **kwargs)
            except OSError as error:
                error.filename = file
                raise
            if there is not file:
                self.name = file

    FileIO.__module__ = "_io"
    io.FileIO = _io.FileIO = FileIO
    builtins.open = io.open = _io.open = open_file
