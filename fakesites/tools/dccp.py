"""dccp: copies through the dcap door of dCache.

Models the options (most are accepted and change nothing), the target that may be a folder, the
line with size and rate, and the words for a failure, which come from the door, the library and
errno together. Not modelled: pre-staging, progress bars, read-ahead. A door that does not answer
is waited for without end, as the real one waits: that is how dccp hangs a pilot.
Read from dCache/dcap@a1321a6:src/dccp.c, dcap_error.c, dcap_open.c, print_size.c. The last line
of an error says what errno is: older doors sent none, and the client said "Input/output error".
"""

from __future__ import annotations

import errno
import getopt
import math
import os
from typing import Any
from typing import Generator

import simpy

from fakesites.contents import FileContent
from fakesites.tools import ToolCall
from fakesites.tools import tool
from fakesites.transfers import CopyOptions
from fakesites.transfers import Failure
from fakesites.transfers import TransferError
from fakesites.transfers import copy
from fakesites.transfers import stat
from fakesites.turls import Turl
from fakesites.turls import parse_turl

Work = Generator[simpy.Event, Any, int]

OPTIONS = "Ad:o:h:iX:Pt:l:aB:b:up:T:r:s:w:cC:H"
FAILED = 255
USAGE = """DiskCache Copy Program. LibDCAP version: 2.47.14 Feb  1 2023 13:27:38
Usage:  dccp [-H] [-d <debugLevel>]  [-h <replyhostname>] [-i]
    [-P [-t <time in seconds>] [-l <stage location>] ]
    [-a] [-b <read_ahead bufferSize>] [-B <bufferSize>]
    [-X <extraOption>] [-u] [-p <first port>[:last port]]
    [-r <buffers size>] [-s <buffer size>] [-c] [-C <seconds>] <src> <dest>
"""
UNITS = ("B", "kiB", "MiB", "GiB", "TiB", "PiB")
# A number moves on to the next unit at nine tenths of it.
STEP = 0.9 * 1024

# Once for the look at a file, once for the file.
NO_LINE = "Failed to create a control line\nFailed to create a control line\n"
SERVER_SAYS = {
    "missing": ("path {path} not found", errno.ENOENT),
    "space": ("No space left on device", errno.ENOSPC),
    "quota": ("No space left on device", errno.ENOSPC),
    "forbidden": ("Permission denied", errno.EACCES),
    "denied": ("Permission denied", errno.EACCES),
    "readonly": ("Permission denied", errno.EACCES),
    "exists": ("File is readOnly", errno.EEXIST),
    "unavailable": ("No pools online: service is not available at the moment", errno.EIO),
    "checksum": ("Checksum mismatch", errno.EIO),
}
CLIENT_SAYS = {
    "net.dns": ("Can not create socket", 0),
    "net.refused": ("Unable to connect to server", errno.ECONNREFUSED),
    "net.unreachable": ("Unable to connect to server", errno.ENETUNREACH),
    "net.timeout": ("Unable to connect to server", errno.ETIMEDOUT),
    "net.reset": ("Remote server has closed connection", errno.ECONNRESET),
    "net.tls": ('Server rejected "hello"', errno.EIO),
    "net.expired": ("Server error", errno.ETIMEDOUT),
}


@tool("dccp")
def dccp(call: ToolCall) -> Work:
    """Copy one file; exit code 0, 1 for a wrong command, 255 for a failure."""
    try:
        flags, names = getopt.getopt(list(call.argv[1:]), OPTIONS)
    except getopt.GetoptError as error:
        call.err(f"dccp: invalid option -- '{error.opt}'\n{USAGE}")
        return 1
    if len(names) != 2:
        call.err(USAGE)
        return 1
    given = dict(flags)
    source, target = place(names[0]), into_folder(call, place(names[1]), names[0])
    if isinstance(source, str) and call.real(source).is_dir():
        call.err("dccp failed.\n")
        return FAILED
    if "-i" in given and (yield from is_there(call, target)):
        call.err(f"{call.argv[0]}: Skipping existing file {names[1]}.\n")
        return 0
    began = call.node.clock.now

    def finish(content: FileContent) -> None:
        call.err(summary(content.size, call.node.clock.now - began))

    options = CopyOptions(
        finish=finish,
        total_s=float(given["-o"]) if "-o" in given else float("inf"),
    )
    code: int = yield from copy(
        call, "dccp", source=source, target=target, explain=explain, options=options
    )
    if code and isinstance(target, str):
        # What a failed copy had written is removed again; what a killed one had, is not.
        call.real(target).unlink(missing_ok=True)
    return code


def is_there(call: ToolCall, target: Turl | str) -> Work:
    """Tell (1 or 0) whether *target* is behind a door already; those of the node do not count."""
    if isinstance(target, str):
        return 0
    try:
        yield from stat(call, target, side="target")
    except TransferError:
        return 0
    return 1


def place(name: str) -> Turl | str:
    """Return *name* as a URL, or as the path of a file of the node."""
    turl = parse_turl(name)
    return name if turl is None or turl.protocol == "file" else turl


def into_folder(call: ToolCall, target: Turl | str, source: str) -> Turl | str:
    """Return *target*, or the file in it named like *source* if it is a folder of the node."""
    if isinstance(target, str) and call.real(target).is_dir():
        return f"{target.rstrip('/')}/{source.rsplit('/', 1)[-1]}"
    return target


def explain(error: TransferError) -> Failure:
    """Return the words for *error*, and always the same exit code."""
    if isinstance(error.__cause__, OSError):
        return Failure(FAILED, local_words(error))
    opening = f"Can't open {'source' if error.side == 'source' else 'destination'} file"
    if error.kind in SERVER_SAYS:
        says, code = SERVER_SAYS[error.kind]
        said = f'"{says.format(path=error.path)}"'
        text = ""
    else:
        said, code = CLIENT_SAYS.get(error.kind, ("Server error", errno.EIO))
        text = NO_LINE
    text += f"Failed open file in the dCache.\n{opening} : {said}\n"
    return Failure(FAILED, text + (f"System error: {os.strerror(code)}\n" if code else ""))


def local_words(error: TransferError) -> str:
    """Return the words for an error of the node's own files.

    A disk that runs full in mid-copy is not named: the real tool prints its one line only.
    """
    if error.side == "target" and error.kind == "space":
        return "dccp failed.\n"
    if error.side == "source":
        return f"Can't open source file : Invalid file name\nSystem error: {error.text}\n"
    return f"Can't open destination file : Not Pnfs file system\nSystem error: {error.text}\n"


def summary(size: int, seconds: float) -> str:
    """Return the line that ends a copy."""
    whole = int(seconds)
    rate = f" ({measure(size // whole)}/s)" if whole > 0 else ""
    return f"{size} bytes ({measure(size)}) in {whole} seconds{rate}\n"


def measure(count: int) -> str:
    """Return *count* bytes in three digits and a binary unit."""
    value, unit = float(count), 0
    while value > STEP and unit < len(UNITS) - 1:
        value, unit = value / 1024, unit + 1
    return f"{digits(value)} {UNITS[unit]}"


def digits(value: float) -> str:
    """Return *value* in three significant digits and at most five characters."""
    if value <= 0:
        return "0.0"
    places = 2 - math.floor(math.log10(value))
    text = f"{round(value, places):.{max(0, places)}f}"
    return text[:5]
