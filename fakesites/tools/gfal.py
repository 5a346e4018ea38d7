"""gfal-copy and gfal-sum: copies and checksums through any door.

Models the options that pilots use, the checks before a copy (source, then target), the check of
a checksum at both ends, the global time limit and the single line of an error with the errno as
exit code. Not modelled: recursion, chains of targets, third-party copies in earnest.
Read from cern-fts/gfal2-util@5aeb6db:src/gfal2_util/copy.py, base.py and cern-fts/gfal2@e301920e:
src/core/transfer/gfal_transfer_localcopy.c.
"""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass
from dataclasses import field
from typing import Any
from typing import Generator

import simpy

from fakesites.contents import FileContent
from fakesites.storage import StoredFile
from fakesites.timelimits import NEVER
from fakesites.timelimits import LimitError
from fakesites.timelimits import within
from fakesites.tools import ToolCall
from fakesites.tools import tool
from fakesites.transfers import CopyOptions
from fakesites.transfers import Failure
from fakesites.transfers import TransferError
from fakesites.transfers import copy
from fakesites.transfers import delete
from fakesites.transfers import read_local
from fakesites.transfers import stat
from fakesites.turls import Turl
from fakesites.turls import parse_turl

Work = Generator[simpy.Event, Any, Any]

VERSION = "gfal2-util version 1.9.0 (gfal2 2.23.0)\n"
TIMEOUT_S = 1800
# The tool gives its plugins this much longer than they were told.
GRACE_S = 30
VALUED_WORDS = (
    "-t --timeout -T --transfer-timeout -K --checksum --checksum-mode -n --nbstreams -D "
    "--definition -E --cert --key -C --client-info --log-file -s --src-spacetoken -S "
    "--dst-spacetoken --tcp-buffersize --from-file --copy-mode --scitag"
)
VALUED = frozenset(VALUED_WORDS.split())
LONG = {"-t": "--timeout", "-K": "--checksum", "-f": "--force", "-T": "--transfer-timeout"}
LONG |= {"-v": "--verbose", "-h": "--help", "-V": "--version"}

ERRNOS = {
    "missing": errno.ENOENT,
    "exists": errno.EEXIST,
    "space": errno.ENOSPC,
    "denied": errno.EACCES,
    "readonly": errno.EROFS,
    "unavailable": errno.ECOMM,
    "checksum": errno.EIO,
    "io": errno.EIO,
    "net.timeout": errno.ETIMEDOUT,
    "net.unreachable": errno.ENETUNREACH,
    "net.expired": errno.ETIMEDOUT,
}


@dataclass(slots=True)
class Options:
    """One command line, with the long names of its options; *until* when it has to be done."""

    flags: list[str] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    limit_s: int = 0
    until: float = NEVER


class GfalError(Exception):
    """What gfal2 reports: an errno and a text."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text

    def line(self, program: str) -> str:
        """Return the one line of standard error."""
        return f"{program} error: {self.code} ({os.strerror(self.code)}) - {self.text}\n"


@tool("gfal-copy")
def gfal_copy(call: ToolCall) -> Work:
    """Copy one file; the exit code is the errno of what went wrong, 2 for a wrong command."""
    options = parse(call.argv[1:])
    if "--version" in options.flags:
        call.out(VERSION)
        return 0
    if len(options.names) != 2:
        call.err(
            "usage: gfal-copy [-h] [-V] [-v] [-t TIMEOUT] [-f] [-K CHECKSUM] [src] dst [dst ...]\n"
            "gfal-copy: error: the following arguments are required: dst\n"
        )
        return 2
    limit_s = int(options.values.get("--timeout", TIMEOUT_S))
    if limit_s > 0:
        options.limit_s, options.until = limit_s, call.node.clock.now + limit_s + GRACE_S
    try:
        return (yield from _guarded(call, _copy(call, options)))
    except LimitError:
        call.err(too_late(options))
        return errno.ETIMEDOUT


@tool("gfal-sum")
def gfal_sum(call: ToolCall) -> Work:
    """Print the Adler-32 of one file; the exit code is the errno of what went wrong."""
    options = parse(call.argv[1:])
    if len(options.names) != 2:
        call.err("usage: gfal-sum [-h] [-V] [-v] [-t TIMEOUT] file checksum_type\n")
        return 2
    return (yield from _guarded(call, _sum(call, options.names[0], options.names[1])))


def parse(words: tuple[str, ...]) -> Options:
    """Return the options and names in *words*; what is not known counts as a flag."""
    options = Options()
    rest = list(words)
    while rest:
        word = rest.pop(0)
        name, equals, value = word.partition("=")
        if not word.startswith("-") or word == "-":
            options.names.append(word)
        elif name in VALUED and (equals or rest):
            options.values[LONG.get(name, name)] = value if equals else rest.pop(0)
        else:
            options.flags.append(LONG.get(word, word))
    return options


def _guarded(call: ToolCall, work: Work) -> Work:
    try:
        return (yield from work)
    except GfalError as error:
        call.err(error.line(os.path.basename(call.argv[0])))
        return error.code


def _sum(call: ToolCall, name: str, kind: str) -> Work:
    if kind.lower() != "adler32":
        raise GfalError(errno.ENOSYS, f"Checksum type {kind} not supported")
    content = yield from _look(call, place(name), side="source")
    call.out(f"{surl(call, name)} {content.adler32}\n")
    return 0


def _copy(call: ToolCall, options: Options) -> Work:
    source, target = place(options.names[0]), place(options.names[1])
    ends = surl(call, options.names[0]), surl(call, options.names[1])
    clock = call.node.clock
    look = _look(call, source, side="source")
    content = yield from within(clock, look, total_s=options.until - clock.now)
    if "--force" not in options.flags and (yield from _exists(call, target)):
        raise GfalError(errno.EEXIST, f"Destination {ends[1]} exists and overwrite is not set")
    wanted = checksum(options)
    if wanted and wanted != content.adler32:
        raise mismatch("SOURCE", "Source checksum and user-specified", content.adler32, wanted)
    call.out(f"Copying {content.size} bytes {ends[0]} => {ends[1]}\n")
    chat(call, options, "GFAL2:CORE:COPY", "LIST:ITEM", f"{ends[0]} => {ends[1]}")
    chat(call, options, plugin(source, target), "TRANSFER:TYPE", "streamed")

    def finish(copied: FileContent) -> None:
        if wanted and wanted != copied.adler32:
            raise TransferError("checksum", "target", path=ends[1], text=copied.adler32)

    def explain(error: TransferError) -> Failure:
        if error.kind == "checksum":
            wrong = mismatch(
                "DESTINATION", "User defined checksum and destination", wanted, error.text
            )
            return Failure(wrong.code, wrong.line("gfal-copy"))
        if error.kind == "net.expired":
            return Failure(errno.ETIMEDOUT, too_late(options))
        failure = gfal_error(error, call)
        return Failure(failure.code, failure.line("gfal-copy"))

    code = yield from copy(
        call,
        "gfal-copy",
        source=source,
        target=target,
        explain=explain,
        options=CopyOptions(finish=finish, total_s=options.until - clock.now),
    )
    # A tool that has run out of time does not stay to clean up.
    if code and clock.now < options.until:
        yield from _clean_up(call, target)
    return code


def _look(call: ToolCall, where: Turl | str, *, side: str) -> Work:
    try:
        if isinstance(where, str):
            return read_local(call, where)
        found: StoredFile = yield from stat(call, where, side=side)
        return found.content
    except TransferError as error:
        wrong = gfal_error(error, call)
        raise GfalError(wrong.code, f"Could not stat the {side}: {wrong.text}") from error


def _exists(call: ToolCall, where: Turl | str) -> Work:
    if isinstance(where, str):
        return call.real(where).exists()
    try:
        yield from stat(call, where, side="target")
    except TransferError:
        return False
    return True


def _clean_up(call: ToolCall, target: Turl | str) -> Work:
    if isinstance(target, str):
        call.real(target).unlink(missing_ok=True)
        return
    try:
        yield from delete(call, target)
    except TransferError:
        return  # there was nothing to remove, or nobody to ask; the tool is silent about it


def too_late(options: Options) -> str:
    """Return what is said when the time is up; the grace goes unmentioned."""
    return f"Command timed out after {options.limit_s} seconds!\n"


def gfal_error(error: TransferError, call: ToolCall) -> GfalError:
    """Return what gfal2 makes of *error*; the words depend on the plugin."""
    code = ERRNOS.get(error.kind, errno.ECOMM)
    if isinstance(error.__cause__, OSError):
        return GfalError(code, f"errno reported by local system call {os.strerror(code)}")
    if error.kind == "denied":
        return GfalError(
            code,
            f"CGSI-gSOAP running on {call.node.name} reports Could not establish context:"
            f" {error.text}",
        )
    return GfalError(code, f"Failed to stat file ({os.strerror(code)})")


def mismatch(side: str, what: str, left: str, right: str) -> GfalError:
    """Return the error of two checksums that differ."""
    return GfalError(
        errno.EIO, f"{side} CHECKSUM MISMATCH {what} checksum do not match: {left} != {right}"
    )


def checksum(options: Options) -> str:
    """Return the Adler-32 that -K gives, "" if it gives none."""
    kind, _, value = options.values.get("--checksum", "").partition(":")
    return value.lower().zfill(8) if value and kind.lower() == "adler32" else ""


def place(name: str) -> Turl | str:
    """Return *name* as a URL of a door, or as the path of a file of the node."""
    turl = parse_turl(name)
    if turl is None:
        return name
    return turl.path if turl.protocol == "file" else turl


def surl(call: ToolCall, name: str) -> str:
    """Return *name* as a URL, which plain paths become first."""
    return name if "://" in name else f"file://{call.path(name)}"


def plugin(source: Turl | str, target: Turl | str) -> str:
    """Return the plugin that does the copy."""
    for end in (source, target):
        if isinstance(end, Turl):
            return "xroot" if end.protocol == "root" else "http_plugin"
    return "file"


def chat(call: ToolCall, options: Options, domain: str, stage: str, text: str) -> None:
    """Print one event line if the tool is to be verbose."""
    if "--verbose" in options.flags:
        stamp = int(call.node.clock.wall() * 1000)
        call.out(f"event: [{stamp}] BOTH   {domain}\t{stage}\t{text}\n")
