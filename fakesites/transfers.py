"""Copying a file between a worker node and a storage door, as every copy tool does it.

Models connect, open, the stream of bytes with a target that grows, the disk of the node that
runs full, and what a copy leaves behind when it is killed: a partial target and an end in the
journal. What each tool says, and with which exit code, is the tool's own business.
"""

from __future__ import annotations

import errno
import os
import signal as signals
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any
from typing import Callable
from typing import Generator

import simpy

from fakesites import contents
from fakesites.contents import FileContent
from fakesites.doors import ANSWER
from fakesites.doors import CALL
from fakesites.proxyfiles import present_proxy
from fakesites.site_events import CREDENTIAL_REFUSED
from fakesites.site_events import TRANSFER_BEGIN
from fakesites.site_events import TRANSFER_END
from fakesites.storage import DoorCall
from fakesites.storage import StorageError
from fakesites.storage import StoredFile
from fakesites.timelimits import NEVER
from fakesites.timelimits import LimitError
from fakesites.timelimits import within
from fakesites.turls import Turl
from simkernel import NetError
from simkernel import Request

if TYPE_CHECKING:
    from fakesites.tools import ToolCall

Work = Generator[simpy.Event, Any, Any]

LOCAL_KINDS = {
    errno.ENOENT: "missing",
    errno.ENOSPC: "space",
    errno.EDQUOT: "space",
    errno.EACCES: "denied",
    errno.EPERM: "denied",
    errno.EROFS: "readonly",
    errno.EEXIST: "exists",
}


class TransferError(Exception):
    """A copy failed: *kind* says how, *side* where (source, target), *text* adds detail.

    *kind* is one of StorageError.KINDS, net.<kind> for the kinds of NetError, net.expired for a
    time limit of the tool's own, or io.
    """

    def __init__(self, kind: str, side: str, *, path: str, text: str = "") -> None:
        super().__init__(text or f"{kind}: {path}")
        self.kind = kind
        self.side = side
        self.path = path
        self.text = text


@dataclass(frozen=True, slots=True)
class Failure:
    """What a tool makes of an error: its exit *code*, and what it prints to standard error."""

    code: int
    text: str


@dataclass(frozen=True, slots=True)
class CopyOptions:
    """How a tool copies: whether over an existing target, and how long it keeps trying.

    *finish* is given what was copied and may still raise TransferError, e.g. for a checksum. A
    refused connection is tried *attempts* times, *retry_s* apart. *total_s* and *stall_s* limit
    the whole copy and a wait without progress; past them it ends as ``net.expired``.
    """

    overwrite: bool = True
    finish: Callable[[FileContent], None] | None = None
    attempts: int = 1
    retry_s: float = 0.0
    total_s: float = NEVER
    stall_s: float = NEVER


PLAIN = CopyOptions()
Explain = Callable[[TransferError], Failure]


def copy(
    call: ToolCall,
    tool: str,
    *,
    source: Turl | str,
    target: Turl | str,
    explain: Explain,
    options: CopyOptions = PLAIN,
) -> Work:
    """Copy *source* to *target*, one a Turl and one a guest's path, both paths, or both Turls.

    Journals the transfer and returns the exit code, into which *explain* turns an error.
    """
    log = TransferLog(call, tool, shown(source), shown(target))
    log.begin(size_of(call, source))
    work = _copied(call, source, target, options=options, log=log)
    try:
        yield from _limited(call, work, options, path=shown(target))
    except TransferError as error:
        failure = explain(error)
        call.err(failure.text)
        log.end(failure.code, why=error.kind)
        return failure.code
    except simpy.Interrupt as interrupt:
        log.killed(interrupt.cause)
        raise
    except GeneratorExit:
        log.killed(signals.SIGKILL)
        raise
    log.end(0)
    return 0


def shown(place: Turl | str) -> str:
    """Return *place* as the journal shows it."""
    if isinstance(place, str):
        return place
    return f"{place.protocol}://{place.host}:{place.port}{place.path}"


def size_of(call: ToolCall, place: Turl | str) -> int | None:
    """Return the size of a file of the node, None for one behind a door or a missing one."""
    if isinstance(place, Turl):
        return None
    try:
        return call.real(place).stat().st_size
    except OSError:
        return None


class TransferLog:
    """The two lines that one transfer leaves in the journal, and the bytes in between."""

    def __init__(self, call: ToolCall, tool: str, source: str, target: str) -> None:
        self._node = call.node
        self._tool = tool
        self._ends = source, target
        self._id = 0
        self._began = 0.0
        self.bytes = 0

    def begin(self, size: int | None) -> None:
        """Note the begin; *size* is None where only the other end knows it."""
        journal = self._node.journal
        # The number of its own first line is unique in the world and the same in every replay.
        self._id = journal.count
        self._began = self._node.clock.now
        source, target = self._ends
        journal.emit(
            TRANSFER_BEGIN,
            who=self._node.name,
            id=self._id,
            tool=self._tool,
            source=source,
            target=target,
            bytes=size,
        )

    def moved(self, count: int) -> None:
        """Note that *count* bytes were moved so far."""
        self.bytes = count

    def killed(self, signal: Any) -> None:
        """Note that the tool was ended by *signal*, whose number is given."""
        self.end(-int(signal), why=f"killed by signal {int(signal)}")

    def end(self, code: int, *, why: str = "") -> None:
        """Note the end, with the tool's exit code."""
        self._node.journal.emit(
            TRANSFER_END,
            who=self._node.name,
            id=self._id,
            code=code,
            bytes=self.bytes,
            seconds=round(self._node.clock.now - self._began, 6),
            why=why,
        )


def _limited(call: ToolCall, work: Work, options: CopyOptions, *, path: str) -> Work:
    try:
        yield from within(call.node.clock, work, total_s=options.total_s, stall_s=options.stall_s)
    except LimitError as error:
        raise TransferError("net.expired", "source", path=path, text=error.why) from error


def _copied(
    call: ToolCall,
    source: Turl | str,
    target: Turl | str,
    *,
    options: CopyOptions,
    log: TransferLog,
) -> Work:
    for left in range(options.attempts - 1, -1, -1):
        try:
            content = yield from _content(call, source, target, options.overwrite, log)
            break
        except TransferError as error:
            if not left or error.kind != "net.refused":
                raise
        yield call.node.clock.timeout(options.retry_s)
    if options.finish is not None:
        options.finish(content)


def _content(
    call: ToolCall, source: Turl | str, target: Turl | str, overwrite: bool, log: TransferLog
) -> Work:
    if isinstance(source, Turl) and isinstance(target, Turl):
        content = yield from fetch(call, source, log=log)
        content = yield from store(call, content, target, overwrite=overwrite, log=log)
    elif isinstance(source, Turl):
        assert isinstance(target, str)
        content = yield from download(call, source, target, overwrite=overwrite, log=log)
    elif isinstance(target, Turl):
        content = read_local(call, source)
        content = yield from store(call, content, target, overwrite=overwrite, log=log)
    else:
        content = read_local(call, source)
        write_local(call, target, content)
        log.moved(content.size)
    return content


def download(
    call: ToolCall, source: Turl, target: str, *, overwrite: bool, log: TransferLog
) -> Work:
    """Copy *source* to the node's file *target*, which grows meanwhile; return the content."""
    if not overwrite and call.real(target).exists():
        raise TransferError("exists", "target", path=target)
    request = door_call(call, "get", source)

    def grow(count: int) -> None:
        log.moved(count)
        assert request.content is not None
        if count < request.content.size:
            write_local(call, target, request.content.truncated(count))

    request.progress = grow
    found: StoredFile = yield from ask(call, source, request, side="source")
    write_local(call, target, found.content)
    log.moved(found.content.size)
    return found.content


def fetch(call: ToolCall, source: Turl, *, log: TransferLog) -> Work:
    """Read *source* and return its content, keeping nothing on the node."""
    request = door_call(call, "get", source)
    request.progress = log.moved
    found: StoredFile = yield from ask(call, source, request, side="source")
    return found.content


def store(
    call: ToolCall, content: FileContent, target: Turl, *, overwrite: bool, log: TransferLog
) -> Work:
    """Write *content* to *target*; return what is stored there, which need not be the same."""
    request = door_call(call, "put", target)
    request.content, request.overwrite = content, overwrite
    request.progress = log.moved
    stored: StoredFile = yield from ask(call, target, request, side="target")
    return stored.content


def stat(call: ToolCall, place: Turl, *, side: str = "source") -> Work:
    """Return the StoredFile at *place*. Raises TransferError."""
    return (yield from ask(call, place, door_call(call, "stat", place), side=side))


def delete(call: ToolCall, place: Turl) -> Work:
    """Delete *place*. Raises TransferError."""
    return (yield from ask(call, place, door_call(call, "delete", place), side="target"))


def door_call(call: ToolCall, action: str, place: Turl) -> DoorCall:
    """Return the request of *call* to do *action* at *place*, with the proxy it has."""
    process = call.node.processes.find(call.pid)
    user = call.node.spec.user if process is None else process.user
    return DoorCall(
        action,
        "",
        place.path,
        by=call.owner,
        protocol=place.protocol,
        credential=present_proxy(call),
        user=user,
    )


def ask(call: ToolCall, place: Turl, request: DoorCall, *, side: str) -> Work:
    """Bring *request* to the door that *place* names; return its answer. Raises TransferError."""
    network, node = call.node.network, call.node
    message = Request(
        request.action.upper(),
        place.host,
        place.port,
        place.path,
        source=node.name,
        who=call.owner,
        notes={CALL: request},
    )
    try:
        service = yield from network.connect(node.name, place.host, place.port, who=call.owner)
        yield from network.exchange(service, message)
    except NetError as error:
        raise TransferError(f"net.{error.kind}", side, path=place.path, text=error.text) from error
    except StorageError as error:
        if error.kind == "denied":
            _note_refusal(call, request, error)
        raise TransferError(error.kind, side, path=place.path, text=error.text) from error
    except OSError as error:
        # The node's own disk: it is what grows while a file comes in.
        raise local_error(error, place.path, side="target") from error
    return message.notes.get(ANSWER)


def _note_refusal(call: ToolCall, request: DoorCall, error: StorageError) -> None:
    subject = request.credential.subject if request.credential else ""
    call.node.journal.emit(
        CREDENTIAL_REFUSED,
        who=call.node.name,
        endpoint=request.endpoint,
        subject=subject,
        why=error.text,
    )


def read_local(call: ToolCall, path: str) -> FileContent:
    """Return the content of the node's file *path*. Raises TransferError."""
    try:
        return contents.read(call.real(path))
    except OSError as error:
        raise local_error(error, path, side="source") from error


def write_local(call: ToolCall, path: str, content: FileContent) -> None:
    """Make the node's file *path* hold *content*. Raises TransferError (space, missing …)."""
    files, guest = call.node.files, call.path(path)
    try:
        # What is there now goes first, lest the disk count the old bytes and the new ones.
        files.real(guest).unlink(missing_ok=True)
        if len(content.prefix) <= contents.PREFIX_LIMIT:
            files.write_sparse(guest, content.prefix, content.size)
        else:
            files.write(guest, content.prefix)
            os.truncate(files.real(guest), content.size)
            files.stamp(guest)
    except OSError as error:
        raise local_error(error, path, side="target") from error


def local_error(error: OSError, path: str, *, side: str) -> TransferError:
    """Return the TransferError that stands for an error of the node's own files."""
    kind = LOCAL_KINDS.get(error.errno or 0, "io")
    return TransferError(kind, side, path=path, text=os.strerror(error.errno or errno.EIO))
