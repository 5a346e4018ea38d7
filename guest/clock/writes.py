"""Whether anything may have been written since the clock last moved.

To ask the kernel costs a system call, and the clock moves some forty times a second. So every
way to write that Python has says so here, and the kernel is asked only then: files opened for
writing, the functions of ``os`` that write or change folders. Where that cannot be known, for a
shared map or an extension module that writes by itself (sqlite3), the kernel is asked each time.
Read from CPython 3.11 Lib/_pyio.py (open), Modules/posixmodule.c.
"""

from __future__ import annotations

import _io
import io
import os
import sys
from importlib.machinery import ExtensionFileLoader

CHANGING = (
    "copy_file_range",
    "ftruncate",
    "link",
    "mkdir",
    "mkfifo",
    "mknod",
    "open",
    "posix_fallocate",
    "pwrite",
    "pwritev",
    "remove",
    "rename",
    "replace",
    "rmdir",
    "sendfile",
    "splice",
    "symlink",
    "truncate",
    "unlink",
    "write",
    "writev",
)

WRITING = frozenset("wax+")
# Modules of the standard library's that write files in C.
WRITERS = ("_curses", "_dbm", "_gdbm", "_sqlite3", "readline")
STANDARD = "/lib-dynload/"


class Writes:
    """What is known: *maybe* something was written, or it may be at any time, *always*.

    Whoever looks sets *maybe* back to *always*.
    """

    __slots__ = ("always", "maybe")

    def __init__(self):
        self.maybe = True
        self.always = False

    def cannot_be_seen(self):
        """From now on something may be written at any time."""
        self.always = self.maybe = True


def install(writes, compiled=None):
    """Have every way to write tell *writes*; *compiled* is the part in C, if there is one."""
    for name in CHANGING:
        if hasattr(os, name):
            setattr(os, name, _telling(getattr(os, name), writes))
    _install_open(writes, compiled)
    true_create = ExtensionFileLoader.create_module

    def create_module(self, spec):
        if spec.name in WRITERS or STANDARD not in (spec.origin or ""):
            writes.cannot_be_seen()
        return true_create(self, spec)

    ExtensionFileLoader.create_module = create_module


def _telling(function, writes):
    def telling(*args, **kwargs):
        # After it, not before: the fence looks at paths meanwhile, and whoever looks has it stamped.
        try:
            return function(*args, **kwargs)
        finally:
            writes.maybe = True

    telling.__name__ = telling.__qualname__ = function.__name__
    telling.__doc__ = function.__doc__
    return telling


def _install_open(writes, compiled):
    true_open = io.open
    true_write = _io.FileIO.write

    class FileIO(_io.FileIO):
        """A file that tells of each write."""

        def write(self, data):
            writes.maybe = True
            return true_write(self, data)

        def truncate(self, size=None):
            writes.maybe = True
            return super().truncate(size)

    FileIO.__module__ = "_io"
    if compiled is not None:
        compiled.install_writes(FileIO, true_write, writes)

    def open_file(
        file,
        mode="r",
        buffering=-1,
        encoding=None,
        errors=None,
        newline=None,
        closefd=True,
        opener=None,
    ):
        if mode == "r" or mode == "rb" or not isinstance(mode, str) or WRITING.isdisjoint(mode):
            return true_open(file, mode, buffering, encoding, errors, newline, closefd, opener)
        _check(mode, buffering, encoding, errors, newline)
        raw = FileIO(file, "".join(c for c in mode if c in "rwax+"), closefd, opener)
        writes.maybe = True
        try:
            return _dressed(raw, mode, buffering, encoding, errors, newline)
        except BaseException:
            raw.close()
            raise

    io.open = _io.open = open_file
    io.FileIO = _io.FileIO = FileIO
    import builtins

    builtins.open = open_file


def _check(mode, buffering, encoding, errors, newline):
    """Raise what the real one does for arguments that do not go together."""
    letters = set(mode)
    if letters - set("axrwb+t") or len(mode) > len(letters):
        raise ValueError(f"invalid mode: {mode!r}")
    if "t" in letters and "b" in letters:
        raise ValueError("can't have text and binary mode at once")
    if len(letters & set("rwax")) != 1:
        raise ValueError("must have exactly one of create/read/write/append mode")
    if "b" in letters:
        for name, value in (("encoding", encoding), ("errors", errors), ("newline", newline)):
            if value is not None:
                raise ValueError(f"binary mode doesn't take {name!s} argument")
    elif buffering == 0:
        raise ValueError("can't have unbuffered text I/O")
    if buffering < -1:
        raise ValueError("invalid buffering size")


def _dressed(raw, mode, buffering, encoding, errors, newline):
    """Return *raw* as what open() returns for *mode*."""
    line_buffering = buffering == 1 or (buffering < 0 and raw.isatty())
    if buffering == 0:
        return raw
    size = buffering if buffering > 1 else max(io.DEFAULT_BUFFER_SIZE, raw._blksize)
    kind = io.BufferedRandom if "+" in mode else io.BufferedWriter
    buffer = kind(raw, size)
    if "b" in mode:
        return buffer
    if sys.version_info >= (3, 10):
        encoding = io.text_encoding(encoding, 3)
    text = io.TextIOWrapper(buffer, encoding, errors, newline, line_buffering)
    text.mode = mode
    return text
