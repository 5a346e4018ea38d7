"""lsm-get and lsm-put: the site's own scripts around a copy command.

Models the calls that pilots make, the exit codes of the specification, the copy command run as a
child process (so that a fault on ``tool.dccp`` is met here too), and the size and checksum that
are compared afterwards. Which command, and through which door, is the site's choice:
$LSM_COPY_COMMAND (xrdcp) and $LSM_DOOR (the one of the URL). As the specification has it, the
script has no time limit: that is the pilot's affair. Its own words go to standard output, as in
the first scripts; what the copy command says goes to standard error.
Read from the specification (usatlas twiki, Admins/LocalSiteMover) and public lsm scripts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from typing import Generator

import simpy

from fakesites.contents import FileContent
from fakesites.contents import read
from fakesites.running import Command
from fakesites.storage import StoredFile
from fakesites.tools import ToolCall
from fakesites.tools import tool
from fakesites.transfers import TransferError
from fakesites.transfers import delete
from fakesites.transfers import stat
from fakesites.turls import PORTS
from fakesites.turls import Turl
from fakesites.turls import parse_turl

Work = Generator[simpy.Event, Any, Any]

GENERIC, COPY_FAILED, BAD_COMMAND, BAD_OPTION = 200, 201, 202, 203
SIZE_DIFFERS, CHECKSUM_DIFFERS, NO_TARGET, NOT_ALLOWED = 204, 205, 206, 207
EXISTS_DIFFERENT, EXISTS_SAME, TARGET_FULL = 211, 212, 213
VALUED = ("-t", "--token", "-s", "--size", "-c", "--checksum", "-g", "--guid", "-p", "--protocol")
DOORS = {"dccp": "dcap"}
COMMANDS = {"xrdcp": ("xrdcp", "-np", "-f"), "dccp": ("dccp",), "gfal-copy": ("gfal-copy", "-f")}


class LsmError(Exception):
    """The script gives up with exit *code* and a line that says why."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


@dataclass(slots=True)
class Options:
    """One command line."""

    source: str = ""
    target: str = ""
    size: int | None = None
    adler32: str = ""


@tool("lsm-get")
def lsm_get(call: ToolCall) -> Work:
    """Copy a file from storage to the node; exit code 0 or one of the 200s."""
    return (yield from _guarded(call, _get(call)))


@tool("lsm-put")
def lsm_put(call: ToolCall) -> Work:
    """Copy a file from the node to storage; exit code 0 or one of the 200s."""
    return (yield from _guarded(call, _put(call)))


def _guarded(call: ToolCall, work: Work) -> Work:
    try:
        yield from work
    except LsmError as error:
        call.out(f"{error.code} {error.text}\n")
        return error.code
    return 0


def parse(words: tuple[str, ...]) -> Options:
    """Return what *words* ask for. Raises LsmError."""
    options, rest = Options(), list(words)
    while rest and rest[0].startswith("-"):
        name = rest.pop(0)
        if name not in VALUED or not rest:
            raise LsmError(BAD_OPTION, f"Unsupported option {name}")
        _take(options, name, rest.pop(0))
    if len(rest) != 2:
        raise LsmError(BAD_COMMAND, "Invalid command")
    options.source, options.target = rest
    return options


def _take(options: Options, name: str, value: str) -> None:
    if name in ("-s", "--size"):
        if not value.isdigit():
            raise LsmError(BAD_OPTION, f"Unsupported size {value}")
        options.size = int(value)
    elif name in ("-c", "--checksum"):
        kind, _, digits = value.rpartition(":")
        if not kind.startswith("ad"):
            raise LsmError(BAD_OPTION, f"Unsupported checksum type {kind or 'md5'}")
        options.adler32 = digits.lower().zfill(8)


def _get(call: ToolCall) -> Work:
    options = parse(call.argv[1:])
    target = call.real(options.target)
    if target.is_file():
        raise existing(options, read(target), options.target)
    yield from _run(call, remote(call, options.source), options.target)
    try:
        copied = read(target)
    except OSError as error:
        raise LsmError(COPY_FAILED, "Output file does not exist") from error
    wrong = difference(options, copied)
    if wrong is not None:
        target.unlink()
        raise wrong


def _put(call: ToolCall) -> Work:
    options = parse(call.argv[1:])
    url = remote(call, options.target)
    turl = parse_turl(url)
    if turl is None:
        raise LsmError(NO_TARGET, f"Invalid path {options.target}")
    there = yield from _look(call, turl)
    if there is not None:
        raise existing(options, there, turl.path)
    yield from _run(call, options.source, url)
    copied = yield from _look(call, turl)
    if copied is None:
        raise LsmError(COPY_FAILED, "Output file does not exist")
    wrong = difference(options, copied)
    if wrong is not None:
        yield from delete(call, turl)
        raise wrong
    call.out(f"{url}\n")
    if options.size is not None:
        call.out(f"size {options.size}\n")
    if options.adler32:
        call.out(f"adler32 {options.adler32}\n")


def _look(call: ToolCall, turl: Turl) -> Work:
    """Return the content at *turl*, None if there is nothing to be seen."""
    try:
        found: StoredFile = yield from stat(call, turl, side="target")
    except TransferError as error:
        if error.kind == "missing":
            return None
        call.err(f"{error}\n")
        code = NOT_ALLOWED if error.kind == "denied" else COPY_FAILED
        raise LsmError(code, f"Cannot look at {turl.path}: {error}") from error
    return found.content


def _run(call: ToolCall, source: str, target: str) -> Work:
    """Run the site's copy command as a child. Raises LsmError."""
    name = call.env.get("LSM_COPY_COMMAND", "xrdcp")
    command = COMMANDS.get(name)
    if command is None:
        raise LsmError(BAD_COMMAND, f"Unsupported command {name}")
    running = call.node.spawn(
        Command((*command, source, target), call.env, cwd=call.cwd, ppid=call.pid, owner=call.owner)
    )
    exit_ = running.finished or (yield running.done)
    call.node.processes.collect(running.pid)
    call.err(exit_.stderr)
    if exit_.code:
        full = "No space left on device" in exit_.stderr
        raise LsmError(
            TARGET_FULL if full else COPY_FAILED, f"Copy command exited with status {exit_.code}"
        )


def remote(call: ToolCall, url: str) -> str:
    """Return *url* through the door that the site's copy command needs."""
    turl = parse_turl(url)
    if turl is None or turl.protocol == "file":
        return url
    protocol = DOORS.get(call.env.get("LSM_COPY_COMMAND", ""), turl.protocol)
    door = call.env.get("LSM_DOOR", "")
    if not door:
        if protocol == turl.protocol:
            return url
        door = f"{protocol}://{turl.host}:{PORTS[protocol]}"
    slash = "/" if door.startswith("root:") else ""
    return f"{door}{slash}{turl.path}"


def existing(options: Options, there: FileContent, name: str) -> LsmError:
    """Return the error of a target that is there already: the same file, or another one."""
    same = difference(options, there) is None
    if same:
        return LsmError(EXISTS_SAME, f"{name}: File exists")
    return LsmError(
        EXISTS_DIFFERENT,
        f"{name} size:{there.size} {options.size}, checksum: {there.adler32} {options.adler32}",
    )


def difference(options: Options, copied: FileContent) -> LsmError | None:
    """Return the error if *copied* is not of the size and checksum given, else None."""
    if options.size is not None and options.size != copied.size:
        return LsmError(SIZE_DIFFERS, f"Size mismatch {copied.size}!={options.size}")
    if options.adler32 and options.adler32 != copied.adler32:
        return LsmError(
            CHECKSUM_DIFFERS,
            f"Checksum mismatch: adler32 {copied.adler32} of the copy does not match the checksum"
            f" {options.adler32}",
        )
    return None
