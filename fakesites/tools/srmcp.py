"""srmcp: copies through SRM doors, as dCache's client does.

Models the options that pilots used (-2, -retry_num, -streams_num, -debug …, in the form
``-name=value``), its own retries (twenty, ten seconds apart and more each time), the line for each
file that fails and the two that end a failed call. It is a Java program that keeps every file of a
call open at once: with more than four it runs out of memory, as it was seen to on worker nodes.
Not modelled: copyjobfile, copies from door to door in earnest, space tokens. There is no srmcp in
Debian to compare with. The words are those of dCache/dcache#897 and of the manual (Book 10,
"dCache Clients").
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from dataclasses import field
from typing import Any
from typing import Generator

import simpy

from fakesites.tools import ToolCall
from fakesites.tools import tool
from fakesites.transfers import CopyOptions
from fakesites.transfers import Failure
from fakesites.transfers import TransferError
from fakesites.transfers import copy
from fakesites.turls import Turl
from fakesites.turls import parse_turl

Work = Generator[simpy.Event, Any, int]

FILES_MAX = 4
RETRIES = 20
RETRY_S = 10.0
USAGE = """\
Usage: srmcp [command line options] source(s) destination
 or  : srmcp [command line options] [-copyjobfile] file
"""
CUT_SHORT = """\
Exception in thread "main" java.lang.OutOfMemoryError: Java heap space
"""
AT_LEAST_ONE = "srm copy of at least one file failed or not completed\n"
STATUS = {
    "missing": "SRM_INVALID_PATH explanation=No such file or directory {path}",
    "exists": "SRM_DUPLICATION_ERROR explanation={path} exists",
    "space": "SRM_NO_FREE_SPACE explanation=No space left on device",
    "quota": "SRM_EXCEED_ALLOCATION explanation=Disk quota exceeded",
    "denied": "SRM_AUTHENTICATION_FAILURE explanation={text}",
    "forbidden": "SRM_AUTHORIZATION_FAILURE explanation=Access denied: {path}",
    "readonly": "SRM_AUTHORIZATION_FAILURE explanation=Access denied: {path}",
    "unavailable": "SRM_INTERNAL_ERROR explanation=service is not available at the moment",
    "checksum": "SRM_FAILURE explanation=checksum mismatch",
}
CONNECTION = {
    "net.dns": "java.net.UnknownHostException: {host}",
    "net.refused": "java.net.ConnectException: Connection refused",
    "net.unreachable": "java.net.NoRouteToHostException: Network is unreachable",
    "net.timeout": "java.net.ConnectException: Connection timed out",
    "net.reset": "java.net.SocketException: Connection reset",
}


@dataclass(slots=True)
class Options:
    """One command line: the names, and the values of ``-name=value``."""

    values: dict[str, str] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)


@tool("srmcp", "srmcp-client")
def srmcp(call: ToolCall) -> Work:
    """Copy files one after the other; exit code 0 or 1."""
    options = parse(call.argv[1:])
    if len(options.names) < 2:
        call.err(USAGE)
        return 1
    *sources, target = options.names
    if len(sources) > FILES_MAX:
        yield call.node.clock.timeout(RETRY_S)
        call.err(CUT_SHORT)
        return 1
    failed = False
    for name in sources:
        failed = bool((yield from _one(call, options, name, target))) or failed
    if failed:
        call.err(f"{AT_LEAST_ONE}srm client error:\n")
        call.err("java.lang.Exception: srm copy of at least one file failed or not completed\n")
    return int(failed)


def parse(words: tuple[str, ...]) -> Options:
    """Return what *words* ask for; an option is all that begins with a dash."""
    options = Options()
    for word in words:
        if word.startswith("-"):
            name, _, value = word.lstrip("-").partition("=")
            options.values[name] = value
        else:
            options.names.append(word)
    return options


def _one(call: ToolCall, options: Options, name: str, target_name: str) -> Work:
    source, target = place(name), place(target_name)
    if isinstance(target, str) and call.real(target).is_dir():
        target = f"{target.rstrip('/')}/{name.rsplit('/', 1)[-1]}"

    def explain(error: TransferError) -> Failure:
        url = name if error.side == "source" else target_name
        return Failure(1, f"{stamp(call)}: {words_of(error, url, source, target)}\n")

    retries = options.values.get("retry_num", "")
    attempts = 1 + (int(retries) if retries.isdigit() else RETRIES)
    limits = CopyOptions(attempts=attempts, retry_s=RETRY_S)
    code: int = yield from copy(
        call, "srmcp", source=source, target=target, explain=explain, options=limits
    )
    return code


def words_of(error: TransferError, url: str, source: Turl | str, target: Turl | str) -> str:
    """Return the line for a file that could not be copied."""
    if isinstance(error.__cause__, OSError):
        return f"java.io.IOException: {error.path} ({error.text})"
    if error.kind in STATUS:
        status = STATUS[error.kind].format(path=error.path, text=error.text)
        return f"retrieval of surl {url} failed, status = {status}"
    end = source if error.side == "source" else target
    host = end.host if isinstance(end, Turl) else ""
    return CONNECTION.get(error.kind, "java.io.IOException: {text}").format(
        host=host, text=error.text
    )


def stamp(call: ToolCall) -> str:
    """Return the time as Java prints it."""
    return time.strftime("%a %b %d %H:%M:%S UTC %Y", time.gmtime(call.node.clock.wall()))


def place(name: str) -> Turl | str:
    """Return *name* as a URL, or as the path of a file of the node; file URLs have many slashes."""
    turl = parse_turl(name)
    if turl is None:
        return name
    return turl.path if turl.protocol == "file" else turl
