"""gfal-sum, gfal-stat, gfal-ls and gfal-rm: a look at a file behind any door, and its removal.

Held against gfal2-util 1.8.0 (docs/reference/fidelity.md). Doors have no folders to list, and no
times but that of a file's last change. Read from cern-fts/gfal2-util@5aeb6db:src/gfal2_util.
"""

from __future__ import annotations

import errno
import os
import time
from typing import Any
from typing import Generator

import simpy

from fakesites.contents import FileContent
from fakesites.storage import StoredFile
from fakesites.tools import ToolCall
from fakesites.tools import tool
from fakesites.tools._gfal_options import VERSION
from fakesites.tools._gfal_options import Options
from fakesites.tools._gfal_options import complaint
from fakesites.tools._gfal_options import is_foreign
from fakesites.tools._gfal_options import parse
from fakesites.tools._gfal_options import place
from fakesites.tools._gfal_options import surl
from fakesites.tools._gfal_words import HTTP
from fakesites.tools._gfal_words import GfalError
from fakesites.tools._gfal_words import gfal_error
from fakesites.transfers import TransferError
from fakesites.transfers import delete
from fakesites.transfers import read_local
from fakesites.transfers import stat
from fakesites.turls import Turl

Work = Generator[simpy.Event, Any, Any]
NEVER_TEXT = "1970-01-01 00:00:00.000000"
OPEN_FAILED = "Command failed. : globus_l_gfs_file_open failed."
REGISTER_FAILED = "globus_xio_register_open failed."


@tool("gfal-sum")
def gfal_sum(call: ToolCall) -> Work:
    """Print the Adler-32 of one file; the exit code is the errno of what went wrong."""
    return (yield from run(call, ("file", "checksum_type"), _sum))


@tool("gfal-stat")
def gfal_stat(call: ToolCall) -> Work:
    """Print size and times of one file; the exit code is the errno of what went wrong."""
    return (yield from run(call, ("file",), _stat))


@tool("gfal-ls")
def gfal_ls(call: ToolCall) -> Work:
    """Print the name of one file; the exit code is the errno of what went wrong."""
    return (yield from run(call, ("file",), _ls))


@tool("gfal-rm")
def gfal_rm(call: ToolCall) -> Work:
    """Remove files; the exit code is the errno of what went wrong with the last."""
    if not parse(call.argv[1:]).names:
        call.err("Missing surl\n")
        return errno.EINVAL
    return (yield from run(call, ("file",), _rm))


def run(call: ToolCall, wanted: tuple[str, ...], work: Any) -> Work:
    """Do the *work* of a program with the *wanted* names, and say what goes wrong."""
    options = parse(call.argv[1:])
    if "--version" in options.flags:
        call.out(VERSION)
        return 0
    wrong = complaint(call, options, wanted)
    if wrong:
        call.err(wrong)
        return 2
    return (yield from guarded(call, work(call, options)))


def guarded(call: ToolCall, work: Work) -> Work:
    """Do *work*; a GfalError becomes a line and an exit code."""
    try:
        return (yield from work)
    except GfalError as error:
        call.err(error.line(os.path.basename(call.argv[0])))
        return error.code


def check_scheme(name: str) -> None:
    """Raise GfalError unless there is a plugin for *name*."""
    if is_foreign(name):
        text = f"Protocol not supported or path/url invalid: {name}"
        raise GfalError(errno.EPROTONOSUPPORT, text)


def _sum(call: ToolCall, options: Options) -> Work:
    name, kind = options.names[:2]
    where = place(name)
    if kind.lower() != "adler32":
        if isinstance(where, Turl) and where.protocol == "root":
            text = f"Got 'adler32' while expecting '{kind}' ({os.strerror(errno.EINPROGRESS)})"
            raise GfalError(errno.EINPROGRESS, text)
        text = f"checksum calculation for {kind} not supported for {surl(call, name)}"
        raise GfalError(errno.ENOSYS, text)
    found = yield from look(call, name, checksum=True)
    content = found.content if isinstance(found, StoredFile) else found
    call.out(f"{surl(call, name)} {content.adler32}\n")
    return 0


def look(call: ToolCall, name: str, *, checksum: bool = False) -> Work:
    """Return the StoredFile of *name*, or the FileContent of a file of the node."""
    check_scheme(name)
    where = place(name)
    try:
        if isinstance(where, str):
            return read_local(call, where)
        return (yield from stat(call, where))
    except TransferError as error:
        at = where if isinstance(where, Turl) else None
        wrong = gfal_error(error, call, at=at)
        if checksum and at is not None and error.kind == "missing":
            if at.protocol == "root":
                wrong.text = f"Could not get the checksum ({os.strerror(wrong.code)})"
            elif at.protocol in HTTP:
                wrong.text = "HTTP 404 : File not found "
            elif at.protocol == "gsiftp":
                wrong = gfal_error(error, call, at=at, copying=True)
                wrong.text = wrong.text.replace(OPEN_FAILED, REGISTER_FAILED)
        raise wrong from error


def _stat(call: ToolCall, options: Options) -> Work:
    name = options.names[0]
    found = yield from look(call, name)
    changed = NEVER_TEXT
    if isinstance(found, StoredFile):
        size, written = found.content.size, call.node.clock.epoch + found.written_at
        changed = time.strftime("%Y-%m-%d %H:%M:%S.000000", time.gmtime(written))
    else:
        assert isinstance(found, FileContent)
        size = found.size
    call.out(f"  File: '{surl(call, name)}'\n  Size: {size}\tregular file\n")
    call.out("Access: (0644/-rw-r--r--)\tUid: 0\tGid: 0\t\n")
    call.out(f"Access: {changed}\nModify: {changed}\nChange: {changed}\n")
    return 0


def _ls(call: ToolCall, options: Options) -> Work:
    name = options.names[0]
    found = yield from look(call, name)
    size = found.content.size if isinstance(found, StoredFile) else found.size
    long = f"-rw-r--r--   0 0     0     {size:9} Jan  1  1970 "
    call.out(f"{long if '--long' in options.flags else ''}{name}\n")
    return 0


def _rm(call: ToolCall, options: Options) -> Work:
    code = 0
    for name in options.names:
        code = (yield from _removed(call, name)) or code
    return code


def _removed(call: ToolCall, name: str) -> Work:
    check_scheme(name)
    where = place(name)
    try:
        if isinstance(where, str):
            call.real(where).unlink()
        else:
            yield from delete(call, where)
    except FileNotFoundError:
        call.out(f"{name}\tMISSING\n")
        return errno.ENOENT
    except TransferError as error:
        if error.kind == "missing":
            call.out(f"{name}\tMISSING\n")
            return errno.ENOENT
        call.out(f"{name}\tFAILED\n")
        raise gfal_error(error, call, at=where if isinstance(where, Turl) else None) from error
    call.out(f"{name}\tDELETED\n")
    return 0
