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
SERVED = ("/proc", "/sys", "/cvmfs") + tuple(
    f"/etc/{name}" for name in ("grid-security", "hostname", "os-release", "redhat-release")
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
    fields = list(found)
    fields[7] = fields[9] = fields[8]
    moments = (found.st_mtime,) * 3 + (found.st_mtime_ns,) * 3
    return os.stat_result((*fields, *moments))


def install(hub, host, stamp):
    """Serve /proc, /sys and a few files of /etc from the node: never the real machine's."""
    import builtins

    true_open, true_os_open = io.open, os.open
    true_listdir, true_stat, true_lstat, true_fstat = os.listdir, os.stat, os.lstat, os.fstat
    true_readlink, true_access, true_scandir = os.readlink, os.access, os.scandir

    def missing(path):
        return FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)

    # Some pilots read every file of every process each second. One question brings all of the
    # process table, and the answer holds until the host says that the table has changed: CPU
    # time is what changes by itself, and how, the answer says.
    seen = {}
    busy = {}
    seen_at = [None]

    def refresh():
        kind, content = host.ask("file", path="/proc")
        seen.clear()
        busy.clear()
        busy.update(content["busy"])
        for name in content["names"]:
            if name.isdigit():
                seen[f"/proc/{name}"] = ("folder", content["of_each"])
        seen.update((name, ("file", text)) for name, text in content["files"].items())
        seen["/proc"] = kind, content["names"]
        seen_at[0] = host.table

    def at_work(path):
        before, after, seconds, cores, since = busy[path]
        return "file", f"{before}{int((seconds + cores * (hub.now - since)) * TICKS)}{after}"

    def look(path):
        path = os.fspath(path)
        found = None
        if path == "/proc" or PROCESS.match(path):
            if seen_at[0] != host.table or host.table is None:
                refresh()
            found = at_work(path) if path in busy else seen.get(path)
            found = found or (GONE if PROCESS.fullmatch(path) else None)
        kind, content = found or host.ask("file", path=path)
        if kind == "missing":
            raise missing(path)
        return kind, content

    def open_file(file, mode="r", *args, **kwargs):
        if is_ours(file):
            return open_number(file, mode, *args, **kwargs)
        if not isinstance(file, int) and served(file):
            if set(mode) & set("wax+"):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), file)
            kind, content = look(file)
            if kind == "folder":
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), file)
            data = io.BytesIO(content.encode())
            return data if "b" in mode else io.TextIOWrapper(data, encoding="utf-8")
        if file in DEVICES:
            return open_device(mode, *args[:1])
        return true_open(file, mode, *args, **kwargs)

    def open_fd(path, flags, mode=0o777, *, dir_fd=None):
        if served(path):
            look(path)
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return true_os_open(path, flags, mode, dir_fd=dir_fd)

    def listdir(path="."):
        if served(path):
            kind, content = look(path)
            if kind != "folder":
                raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), path)
            return list(content)
        return true_listdir(path)

    def scandir(path="."):
        if served(path):
            raise missing(path)
        return true_scandir(path)

    def as_stat(path):
        kind, content = look(path)
        mode = 0o40555 if kind == "folder" else 0o100444
        size = 0 if kind == "folder" else len(content)
        return os.stat_result((mode, 1, 0, 1, 0, 0, size, 0, 0, 0))

    def stat(path, *, dir_fd=None, follow_symlinks=True):
        if served(path):
            return as_stat(path)
        stamp()
        return timeless(true_stat(path, dir_fd=dir_fd, follow_symlinks=follow_symlinks))

    def lstat(path, *, dir_fd=None):
        if served(path):
            return as_stat(path)
        stamp()
        return timeless(true_lstat(path, dir_fd=dir_fd))

    def fstat(fd):
        stamp()
        return timeless(true_fstat(fd))

    def readlink(path, *, dir_fd=None):
        if served(path):
            look(path)
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), path)
        return true_readlink(path, dir_fd=dir_fd)

    def access(path, mode, **kwargs):
        if served(path):
            return not mode & os.W_OK and host.ask("file", path=os.fspath(path))[0] != "missing"
        return true_access(path, mode, **kwargs)

    builtins.open = io.open = open_file
    os.open, os.listdir, os.scandir = open_fd, listdir, scandir
    os.stat, os.lstat, os.fstat = stat, lstat, fstat
    os.readlink, os.access = readlink, access
