"""Files that the simulated node serves: ``/proc``, ``/sys``, ``/cvmfs`` and a few of ``/etc``."""

from __future__ import annotations

import errno
import io
import os
import re

from guest.concurrency.pipes import is_ours
from guest.concurrency.pipes import open_number
from guest.machine.entropy import DEVICES
from guest.machine.entropy import open_device

PROCESS = re.compile(r"/proc/\d+")
TICKS = 100
GONE = ("missing", None)
# What the root of a worker node has (hier(7)); the empty name is the root itself.
ROOT = frozenset(
    {"", "bin", "boot", "cvmfs", "dev", "etc", "home", "lib", "lib64", "media", "mnt", "opt"}
) | {"proc", "root", "run", "sbin", "srv", "sys", "tmp", "usr", "var"}
SERVED = (
    "/proc",
    "/sys",
    "/cvmfs",
    "/etc/grid-security",
    "/etc/hostname",
    "/etc/os-release",
    "/etc/redhat-release",
)


def served(path):
    """Tell whether *path* is one of those that the simulated node serves."""
    try:
        name = os.fspath(path)
    except TypeError:
        return False
    return isinstance(name, str) and (name.startswith(SERVED) or is_strange(name))


def is_strange(name):
    """Tell whether *name* is a folder of the root that no worker node has: not there, then.

    Some pilots tidy up ``/work``, ``/venv`` and others, where this machine may have one.
    """
    return name[:1] == "/" and name.find("/", 1) < 0 and name[1:] not in ROOT


def timeless(found):
    """Return a stat result whose access and change times are those of the last change.

    The kernel's own are real times, and nobody can set a change time.
    """
    whole, moment, exact = found[8], found.st_mtime, found.st_mtime_ns
    times = (whole, whole, whole, moment, moment, moment, exact, exact, exact)
    return os.stat_result((*found[:7], *times))


def missing(path):
    """Return what is raised for a file that is not there."""
    return FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)


class Node:
    """What the node has in the files that it serves.

    Some pilots read every file of every process each second. One question brings all of the
    process table, and the answer holds until the host says that the table has changed: CPU
    time is what changes by itself, and how, the answer says.
    """

    def __init__(self, hub, host):
        self._hub = hub
        self._host = host
        self._seen = {}
        self._busy = {}
        self._bytes = {}
        self._table = None
        self._same = self

    def known(self, path):
        """Return the bytes of a file of ``/proc`` if they are known, else None."""
        table = self._host.table
        if table is not self._same:
            if table is None or table != self._table:
                return None
            self._same = table
        data = self._bytes.get(path)
        if data is None:
            if path in self._busy:
                return self._at_work(path)[1].encode()
            kind, content = self._seen.get(path, GONE)
            if kind == "file":
                data = self._bytes[path] = content.encode()
        return data

    def look(self, path):
        """Return (kind, content) of *path*: a folder's names, a file's text. Raises OSError."""
        path = os.fspath(path)
        found = None
        if path == "/proc" or PROCESS.match(path):
            if self._table != self._host.table or self._host.table is None:
                self._refresh()
            found = self._at_work(path) if path in self._busy else self._seen.get(path)
            found = found or (GONE if PROCESS.fullmatch(path) else None)
        kind, content = found or self._host.ask("file", path=path)
        if kind == "missing":
            raise missing(path)
        return kind, content

    def _refresh(self):
        kind, content = self._host.ask("file", path="/proc")
        seen = self._seen = {"/proc": (kind, content["names"])}
        self._bytes = {}
        self._busy = content["busy"]
        for name in content["names"]:
            if name.isdigit():
                seen[f"/proc/{name}"] = ("folder", content["of_each"])
        seen.update((name, ("file", text)) for name, text in content["files"].items())
        self._table = self._host.table

    def _at_work(self, path):
        before, after, seconds, cores, since = self._busy[path]
        ticks = int((seconds + cores * (self._hub.now - since)) * TICKS)
        return "file", f"{before}{ticks}{after}"


class Files:
    """The functions of ``os`` and ``io`` that meet files of the node."""

    def __init__(self, node, host, stamp):
        self._node = node
        self._host = host
        self._stamp = stamp
        self._open, self._os_open = io.open, os.open
        self._listdir, self._scandir = os.listdir, os.scandir
        self._stat, self._lstat, self._fstat = os.stat, os.lstat, os.fstat
        self._readlink, self._access = os.readlink, os.access

    def open(self, file, mode="r", *args, **kwargs):
        """Stand for ``open``."""
        if type(file) is str and file.startswith("/proc/") and not args:
            data = self._node.known(file) if mode == "rb" or mode == "r" else None
            if data is not None:
                return _opened(data, mode)
        if is_ours(file):
            return open_number(file, mode, *args, **kwargs)
        if not isinstance(file, int) and served(file):
            if set(mode) & set("wax+"):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), file)
            kind, content = self._node.look(file)
            if kind == "folder":
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), file)
            return _opened(content.encode(), mode)
        if file in DEVICES:
            return open_device(mode, *args[:1])
        return self._open(file, mode, *args, **kwargs)

    def os_open(self, path, flags, mode=0o777, *, dir_fd=None):
        """Stand for ``os.open``."""
        if served(path):
            self._node.look(path)
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return self._os_open(path, flags, mode, dir_fd=dir_fd)

    def listdir(self, path="."):
        """Stand for ``os.listdir``."""
        if served(path):
            kind, content = self._node.look(path)
            if kind != "folder":
                raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), path)
            return list(content)
        return self._listdir(path)

    def scandir(self, path="."):
        """Stand for ``os.scandir``."""
        if served(path):
            raise missing(path)
        return self._scandir(path)

    def stat(self, path, *, dir_fd=None, follow_symlinks=True):
        """Stand for ``os.stat``."""
        if served(path):
            return self._served_stat(path)
        self._stamp()
        return timeless(self._stat(path, dir_fd=dir_fd, follow_symlinks=follow_symlinks))

    def lstat(self, path, *, dir_fd=None):
        """Stand for ``os.lstat``."""
        if served(path):
            return self._served_stat(path)
        self._stamp()
        return timeless(self._lstat(path, dir_fd=dir_fd))

    def fstat(self, fd):
        """Stand for ``os.fstat``."""
        self._stamp()
        return timeless(self._fstat(fd))

    def readlink(self, path, *, dir_fd=None):
        """Stand for ``os.readlink``."""
        if served(path):
            self._node.look(path)
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), path)
        return self._readlink(path, dir_fd=dir_fd)

    def access(self, path, mode, **kwargs):
        """Stand for ``os.access``."""
        if served(path):
            if mode & os.W_OK:
                return False
            return self._host.ask("file", path=os.fspath(path))[0] != "missing"
        return self._access(path, mode, **kwargs)

    def _served_stat(self, path):
        kind, content = self._node.look(path)
        mode = 0o40555 if kind == "folder" else 0o100444
        size = 0 if kind == "folder" else len(content)
        return os.stat_result((mode, 1, 0, 1, 0, 0, size, 0, 0, 0))


def _opened(data, mode):
    stream = io.BytesIO(data)
    return stream if "b" in mode else io.TextIOWrapper(stream, encoding="utf-8")


def install(hub, host, stamp):
    """Serve /proc, /sys and a few files of /etc from the node: never the real machine's."""
    import builtins

    files = Files(Node(hub, host), host, stamp)
    builtins.open = io.open = files.open
    os.open, os.listdir, os.scandir = files.os_open, files.listdir, files.scandir
    os.stat, os.lstat, os.fstat = files.stat, files.lstat, files.fstat
    os.readlink, os.access = files.readlink, files.access
    # Two functions have the name; what an error or a pickle shows is that of ``os``.
    for name in ("open", "listdir", "scandir", "stat", "lstat", "fstat", "readlink", "access"):
        function = getattr(os, name).__func__
        function.__name__, function.__qualname__, function.__module__ = name, name, "os"
