"""gfal-copy: copies through any door.

Models the options that pilots use, the checks before a copy (source, then target), the check of
a checksum at both ends, the global time limit and the single line of an error with the errno as
exit code. Not modelled: recursion, chains of targets, third-party copies in earnest. What differs
from plugin to plugin was held against gfal2-util 1.8.0 with gfal2 2.21.3 (docs/reference/
fidelity.md). Read from cern-fts/gfal2-util@5aeb6db:src/gfal2_util/copy.py, base.py and
cern-fts/gfal2@e301920e:src/core/transfer/gfal_transfer_localcopy.c.
"""

from __future__ import annotations

import errno
import posixpath
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
from fakesites.tools._gfal_options import VERSION
from fakesites.tools._gfal_options import Options
from fakesites.tools._gfal_options import complaint
from fakesites.tools._gfal_options import parse
from fakesites.tools._gfal_options import place
from fakesites.tools._gfal_options import surl
from fakesites.tools._gfal_words import HTTP
from fakesites.tools._gfal_words import GfalError
from fakesites.tools._gfal_words import gfal_error
from fakesites.tools._gfal_words import mismatch
from fakesites.tools.gfal_files import guarded
from fakesites.tools.gfal_files import look
from fakesites.transfers import CopyOptions
from fakesites.transfers import Failure
from fakesites.transfers import TransferError
from fakesites.transfers import copy
from fakesites.transfers import delete
from fakesites.transfers import stat
from fakesites.turls import Turl

__all__ = ["GfalError", "gfal_copy", "gfal_error"]

Work = Generator[simpy.Event, Any, Any]

TIMEOUT_S = 1800
# The tool gives its plugins this much longer than they were told.
GRACE_S = 30


@tool("gfal-copy")
def gfal_copy(call: ToolCall) -> Work:
    """Copy one file; the exit code is the errno of what went wrong, 2 for a wrong command."""
    options = parse(call.argv[1:])
    if "--version" in options.flags:
        call.out(VERSION)
        return 0
    wrong = complaint(call, options, ("dst",))
    if wrong or len(options.names) == 1:
        call.err(wrong or "Missing source\n")
        return 2 if wrong else 1
    limit_s = int(options.values.get("--timeout", TIMEOUT_S))
    if limit_s > 0:
        options.limit_s, options.until = (
            limit_s,
            call.node.clock.now + limit_s + GRACE_S,
        )
    try:
        return (yield from guarded(call, _copy(call, options)))
    except LimitError:
        call.err(too_late(options))
        return errno.ETIMEDOUT


def _copy(call: ToolCall, options: Options) -> Work:
    source, target = place(options.names[0]), place(options.names[1])
    ends = surl(call, options.names[0]), surl(call, options.names[1])
    clock = call.node.clock
    content = yield from _look(call, options)
    if "--force" not in options.flags and (yield from _exists(call, target)):
        raise GfalError(errno.EEXIST, f"Destination {ends[1]} exists and overwrite is not set")
    wanted = checksum(options)
    plugin = plugin_of(source, target)
    call.out(f"Copying {content.size} bytes {ends[0]} => {ends[1]}\n")
    for stage in ("ENTER", "ITEM", "EXIT"):
        text = f"{ends[0]} => {ends[1]}" if stage == "ITEM" else ""
        chat(call, options, "GFAL2:CORE:COPY", f"LIST:{stage}", text)
    if wanted and wanted != content.adler32:
        raise source_mismatch(plugin, content.adler32, wanted)
    chat(call, options, plugin, "TRANSFER:ENTER", f"{ends[0]} => {ends[1]}")
    chat(call, options, plugin, "TRANSFER:TYPE", "streamed")
    if plugin == "xroot" and isinstance(target, str):
        call.real(posixpath.dirname(call.path(target))).mkdir(parents=True, exist_ok=True)
    code = yield from copy(
        call,
        "gfal-copy",
        source=source,
        target=target,
        explain=_explain(call, options, source, target),
        options=CopyOptions(finish=_verify(wanted, ends[1]), total_s=options.until - clock.now),
    )
    if not code:
        chat(call, options, plugin, "TRANSFER:EXIT", f"{ends[0]} => {ends[1]}")
    # A tool that has run out of time does not stay to clean up.
    elif clock.now < options.until:
        yield from _clean_up(call, target)
    return code


def _verify(wanted: str, target: str) -> Any:
    def finish(copied: FileContent) -> None:
        if wanted and wanted != copied.adler32:
            raise TransferError("checksum", "target", path=target, text=copied.adler32)

    return finish


def _explain(call: ToolCall, options: Options, source: Turl | str, target: Turl | str) -> Any:
    wanted = checksum(options)
    remote = next((end for end in (source, target) if isinstance(end, Turl)), None)

    def explain(error: TransferError) -> Failure:
        if error.kind == "net.expired":
            return Failure(errno.ETIMEDOUT, too_late(options))
        end = source if error.side == "source" else target
        at = end if isinstance(end, Turl) else remote
        if error.kind == "checksum" and (at is None or at.protocol != "root"):
            what = "User defined checksum and destination"
            wrong = mismatch("DESTINATION", what, wanted, error.text)
        else:
            wrong = gfal_error(error, call, at=at, copying=True)
        return Failure(wrong.code, wrong.line("gfal-copy"))

    return explain


def source_mismatch(plugin: str, found: str, wanted: str) -> GfalError:
    """Return the error of a source that has another checksum than -K says."""
    if plugin == "xroot":
        return GfalError(errno.EILSEQ, "Error on XrdCl::CopyProcess::Run(): [ERROR] CheckSum error")
    if plugin == "http_plugin":
        text = f"Source and user-defined adler32 do not match ({found} != {wanted})"
        return GfalError(errno.EIO, f"SOURCE CHECKSUM MISMATCH {text}")
    return mismatch("SOURCE", "Source checksum and user-specified", found, wanted)


def _look(call: ToolCall, options: Options) -> Work:
    """Return the content of the source. Raises GfalError."""
    name = options.names[0]
    before = "Could not stat the source: "
    clock = call.node.clock
    where = place(name)
    # What hangs in a handshake of TLS is ended from outside.
    patient = isinstance(where, Turl) and where.protocol in HTTP
    limit_s = options.until - clock.now if patient else options.limit_s or NEVER
    try:
        found = yield from within(clock, look(call, name), total_s=limit_s)
    except GfalError as error:
        raise GfalError(error.code, before + error.text) from error
    except LimitError as error:
        if patient:
            raise
        text = "Failed to stat file (Connection timed out)"
        raise GfalError(errno.ETIMEDOUT, before + text) from error
    return found.content if isinstance(found, StoredFile) else found


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


def checksum(options: Options) -> str:
    """Return the Adler-32 that -K gives, "" if it gives none."""
    kind, _, value = options.values.get("--checksum", "").partition(":")
    return value.lower().zfill(8) if value and kind.lower() == "adler32" else ""


def plugin_of(source: Turl | str, target: Turl | str) -> str:
    """Return what does the copy: a plugin, or the core, which reads and writes through them."""
    remote = [end for end in (source, target) if isinstance(end, Turl)]
    if any(end.protocol == "root" for end in remote):
        return "xroot"
    if any(end.protocol == "gsiftp" for end in remote):
        return "GFAL2:CORE:COPY:LOCAL"
    # Downloads by HTTP are streamed by the core.
    return "http_plugin" if isinstance(target, Turl) else "GFAL2:CORE:COPY:LOCAL"


def chat(call: ToolCall, options: Options, domain: str, stage: str, text: str) -> None:
    """Print one event line if the tool is to be verbose."""
    if "--verbose" in options.flags:
        stamp = int(call.node.clock.wall() * 1000)
        call.out(f"event: [{stamp}] BOTH   {domain}\t{stage}\t{text}\n")
