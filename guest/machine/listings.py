"""Directory listings: sorted, as their order on disk is nobody's business; with virtual times."""

from __future__ import annotations

import os
from types import GenericAlias

from guest.afterwards import afterwards
from guest.machine.files import timeless
from guest.naming import is_ours

true_listdir, true_scandir = os.listdir, os.scandir

# Of the files of such a name one is gone as soon as they have been listed: what others do between
# a list of files and a look at each. No time passes there, so nobody else could take it away.
VANISHING = ".vanishing"


class Entry:
    """A directory entry, whose stat() tells virtual times. Stands for ``os.DirEntry``."""

    __slots__ = ("_entry", "name", "path")
    stamp = None

    def __init__(self, entry):
        self._entry = entry
        self.name = entry.name
        self.path = entry.path

    def is_dir(self, *, follow_symlinks=True):
        return self._entry.is_dir(follow_symlinks=follow_symlinks)

    def is_file(self, *, follow_symlinks=True):
        return self._entry.is_file(follow_symlinks=follow_symlinks)

    def is_symlink(self):
        return self._entry.is_symlink()

    def is_junction(self):
        return False

    def inode(self):
        return self._entry.inode()

    def stat(self, *, follow_symlinks=True):
        Entry.stamp()
        return timeless(self._entry.stat(follow_symlinks=follow_symlinks))

    def __fspath__(self):
        return self.path

    def __repr__(self):
        return f"<DirEntry {self.name!r}>"

    __class_getitem__ = classmethod(GenericAlias)


Entry.__name__ = Entry.__qualname__ = "DirEntry"


class Scan:
    """An iterator over sorted directory entries that is also a context manager."""

    def __init__(self, path="."):
        with true_scandir(path) as entries:
            found = [Entry(each) for each in entries]
        found.sort(key=lambda entry: entry.name)
        vanish(path, [entry.name for entry in found])
        self._entries = iter(found)

    def __iter__(self):
        return self

    def __next__(self):
        return next(self._entries)

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self.close()

    def close(self):
        self._entries = iter(())


def listdir(path="."):
    """Stand for ``os.listdir``."""
    names = sorted(true_listdir(path))
    vanish(path, names)
    return names


def vanish(path, names):
    """Remove the first of *names* that vanishes from *path*, if that is no open folder."""
    if isinstance(path, (str, os.PathLike)):
        for name in names:
            if name.endswith(VANISHING):
                os.unlink(os.path.join(path, name))
                return


def install(stamp):
    """Replace the functions of ``os``; *stamp* gives all that was written its time."""
    Entry.stamp = stamp
    os.listdir, os.scandir, os.DirEntry = listdir, Scan, Entry
    afterwards.change("pathlib", unbind)


def unbind(module):
    """Up to 3.10 ``pathlib`` keeps functions of ``os`` in a class: ours would become methods."""
    accessor = getattr(module, "_NormalAccessor", None)
    for name, kept in list(vars(accessor).items()) if accessor else ():
        if is_ours(kept):
            setattr(accessor, name, staticmethod(kept))
