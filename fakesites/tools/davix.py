"""davix-get, davix-put, davix-ls, davix-rm and davix-mkdir: WebDAV, as the library davix speaks it.

Models the options that pilots used (-P grid, -E, --capath, -k, --retry, --timeout), the trust in a
server (without -P grid, --capath or -k the grid's CAs are unknown), three attempts, and the words
for a failure. Not modelled: folders (a door has none: one that is made is there), metalinks, S3
keys, multi-stream downloads, -H. Held against davix 0.8.4 (docs/reference/fidelity.md).
"""

from __future__ import annotations

import os
import posixpath
from typing import Any
from typing import Generator

import simpy

from fakesites.contents import FileContent
from fakesites.proxyfiles import present_proxy
from fakesites.proxyfiles import proxy_path
from fakesites.storage import StorageError
from fakesites.timelimits import NEVER
from fakesites.timelimits import LimitError
from fakesites.timelimits import within
from fakesites.tools import ToolCall
from fakesites.tools import UsageError
from fakesites.tools import tool
from fakesites.tools._gfal_words import DAV
from fakesites.tools._gfal_words import EXPIRED_CERTIFICATE
from fakesites.tools._options import Grammar
from fakesites.tools._options import Options
from fakesites.tools._texts import decoded
from fakesites.transfers import CopyOptions
from fakesites.transfers import Failure
from fakesites.transfers import TransferError
from fakesites.transfers import TransferLog
from fakesites.transfers import copy
from fakesites.transfers import delete
from fakesites.transfers import fetch
from fakesites.transfers import stat
from fakesites.turls import Turl
from fakesites.turls import parse_turl

Work = Generator[simpy.Event, Any, int]

GRAMMAR = Grammar(
    flags="khVl",
    values="EPHxr",
    long=(
        ("capath=", "capath"),
        ("cert=", "E"),
        ("conn-timeout=", "conn-timeout"),
        ("debug", "debug"),
        ("header=", "H"),
        ("help", "h"),
        ("insecure", "k"),
        ("key=", "key"),
        ("metalink=", "metalink"),
        ("module=", "P"),
        ("proxy=", "x"),
        ("redirection=", "redirection"),
        ("retry=", "retry"),
        ("retry-delay=", "retry-delay"),
        ("timeout=", "timeout"),
        ("trace=", "trace"),
        ("userlogin=", "userlogin"),
        ("userpass=", "userpass"),
        ("version", "V"),
    ),
)
VERSION = "Version: 0.8.4\n"
ATTEMPTS = 3
FAILED = 255
SHOWN_MAX = 1 << 20
REQUEST = "(Davix::HttpRequest) Error: "
UNTRUSTED = "(Neon): Server certificate verification failed: issuer is not trusted"
NO_CREDENTIAL = "error:80000002:system library::No such file or directory"


@tool("davix-get")
def davix_get(call: ToolCall) -> Work:
    """Copy one file in, or to standard output; exit code 0, 1 or 255."""
    return (yield from _run(call, _get, names=(1, 2)))


@tool("davix-put")
def davix_put(call: ToolCall) -> Work:
    """Copy one file out; exit code 0, 1 or 255."""
    return (yield from _run(call, _put, names=(2,)))


@tool("davix-ls")
def davix_ls(call: ToolCall) -> Work:
    """Print the name of one file; exit code 0, 1 or 255."""
    return (yield from _run(call, _ls, names=(1,)))


@tool("davix-rm")
def davix_rm(call: ToolCall) -> Work:
    """Remove one file; exit code 0, 1 or 255."""
    return (yield from _run(call, _rm, names=(1,)))


@tool("davix-mkdir")
def davix_mkdir(call: ToolCall) -> Work:
    """Make a folder, of which doors know nothing; exit code 0, 1 or 255."""
    return (yield from _run(call, _mkdir, names=(1,)))


def _run(call: ToolCall, work: Any, *, names: tuple[int, ...]) -> Work:
    program = posixpath.basename(call.argv[0])
    try:
        options = GRAMMAR.read(call.argv)
    except UsageError as error:
        call.err(f"{program}: {error}\n")
        call.out(f"Usage : {program} [OPTIONS ...] <url> [local_file]\n")
        return 1
    if options.has("V"):
        call.out(VERSION)
        return 0
    if options.has("h"):
        call.out(f"Usage : {program} [OPTIONS ...] <url> [local_file]\n")
        return 0
    if len(options.words) not in names:
        call.err(f"{program}, Error: Wrong argument format\n")
        call.err(f"Try '{program} --help' for more information\n")
        return FAILED
    show_credential(call, options)
    code: int = yield from work(call, options)
    return code


def show_credential(call: ToolCall, options: Options) -> None:
    """Have the doors see the credential that *options* name, and no other."""
    path = options.get("E")
    if not path and options.get("P") == "grid":
        path = proxy_path(call)
    call.env["X509_USER_PROXY"] = path or "/none"
    if path and not call.real(path).exists():
        call.err(f"(Davix::OpenSSL) Error: impossible to open {path}:  : {NO_CREDENTIAL}\n")


def far_end(name: str) -> Turl | None:
    """Return *name* as the URL of a WebDAV door, None for anything else."""
    turl = parse_turl(name)
    return turl if turl is not None and turl.protocol in ("davs", "https", "s3") else None


def trusts(options: Options) -> bool:
    """Tell whether the CAs of the grid are known, or not asked for."""
    return options.has("capath", "k") or options.get("P") == "grid"


def attempts(options: Options) -> int:
    """Return how often a request is made."""
    return int(options.number("retry", ATTEMPTS))


def limits(options: Options, finish: Any = None) -> CopyOptions:
    """Return how long to try."""
    total_s = options.number("timeout", 0.0) or NEVER
    return CopyOptions(finish=finish, attempts=attempts(options), total_s=total_s)


def said(call: ToolCall, error: TransferError, options: Options, *, again: bool) -> str:
    """Return what the library says of *error*; *again* where it is asked more than once."""
    if error.kind == "net.expired":
        return f"timeout of {options.get('timeout')}s"
    text = DAV.get(error.kind, (0, error.text))[1]
    if error.kind == "denied" and is_expired(call):
        text = EXPIRED_CERTIFICATE
    answered = isinstance(error.__cause__, StorageError) and text is not EXPIRED_CERTIFICATE
    if not again or (answered and error.kind != "missing"):
        return text
    return f"Result {text} after {attempts(options)} attempts"


def is_expired(call: ToolCall) -> bool:
    """Tell whether the credential of *call* has expired: then it is TLS that fails."""
    proxy = present_proxy(call)
    return proxy is not None and proxy.not_after < call.node.clock.wall()


def _refused(call: ToolCall, options: Options, name: str, *, again: bool) -> bool:
    """Say why *name* is not even asked, if so."""
    tried = f" after {attempts(options)} attempts" if again else ""
    result = "Result " if again else ""
    if far_end(name) is None:
        text = (
            f" {name} is not a valid HTTP or Webdav URL"
            if "://" not in name
            else ("Domain name resolution failed")
        )
        call.err(f"{REQUEST}{result}{text}{tried}\n")
        return True
    return False


def _explain(call: ToolCall, options: Options, tool_name: str, *, again: bool) -> Any:
    def explain(error: TransferError) -> Failure:
        if isinstance(error.__cause__, OSError):
            return Failure(FAILED, f"(Davix::Tools::{tool_name}) Error: {error.text}\n")
        return Failure(FAILED, f"{REQUEST}{said(call, error, options, again=again)}\n")

    return explain


def _trusted(call: ToolCall, options: Options, *, again: bool) -> bool:
    """Say that the server is not trusted, if so; a connection there must be for that."""
    if trusts(options):
        return True
    tried = f" after {attempts(options)} attempts" if again else ""
    call.err(f"{REQUEST}{'Result ' if again else ''}{UNTRUSTED}{tried}\n")
    return False


def _get(call: ToolCall, options: Options) -> Work:
    name = options.words[0]
    if _refused(call, options, name, again=True):
        return FAILED
    source = far_end(name)
    assert source is not None
    if len(options.words) == 1:
        return (yield from _show(call, options, source))
    target = options.words[1]
    if not call.real(posixpath.dirname(call.path(target))).is_dir():
        text = f"File not found for destination file {target}"
        call.err(f"(Davix::Tools::davix-get) Error: {text}\n")
        return FAILED
    if not (yield from _reached(call, options, source, again=True)):
        return FAILED
    explain = _explain(call, options, "davix-get", again=True)
    code: int = yield from copy(
        call,
        "davix-get",
        source=source,
        target=target,
        explain=explain,
        options=limits(options),
    )
    return code


def _reached(call: ToolCall, options: Options, place: Turl, *, again: bool) -> Any:
    """Connect once where the server is not trusted, and say so; True if there is more to do."""
    if trusts(options):
        return True
    try:
        yield from stat(call, place)
    except TransferError as error:
        if error.kind.startswith("net."):
            return True
    return _trusted(call, options, again=again)


def _show(call: ToolCall, options: Options, source: Turl) -> Work:
    log = TransferLog(call, "davix-get", f"{source.host}{source.path}", "-")
    log.begin(None)
    try:
        content: FileContent = yield from _timed(call, options, fetch(call, source, log=log))
    except TransferError as error:
        call.err(f"{REQUEST}{said(call, error, options, again=True)}\n")
        log.end(FAILED, why=error.kind)
        return FAILED
    log.end(0)
    zeros = min(content.size, SHOWN_MAX) - len(content.prefix)
    call.out(decoded(content.prefix + bytes(max(0, zeros))))
    return 0


def _timed(call: ToolCall, options: Options, work: Any) -> Any:
    total_s = options.number("timeout", 0.0) or NEVER
    try:
        return (yield from within(call.node.clock, work, total_s=total_s))
    except LimitError as error:
        raise TransferError("net.expired", "source", path="", text=error.why) from error


def _put(call: ToolCall, options: Options) -> Work:
    source, name = options.words
    text = ""
    if not call.real(source).exists():
        text = f"File not found for source file {source}"
    elif call.real(source).is_dir():
        text = f"{source}is not a valid regular file"
    if text:
        call.err(f"(Davix::Tools::davix-put) Error: {text}\n")
        return FAILED
    if _refused(call, options, name, again=False):
        return FAILED
    target = far_end(name)
    assert target is not None
    if not (yield from _reached(call, options, target, again=False)):
        return FAILED
    explain = _explain(call, options, "davix-put", again=False)
    code: int = yield from copy(
        call,
        "davix-put",
        source=source,
        target=target,
        explain=explain,
        options=limits(options),
    )
    return code


def _asked(call: ToolCall, options: Options, work: Any, *, prefix: str, code: int) -> Any:
    """Return what *work* finds, or the exit code after saying what went wrong."""
    try:
        return (yield from _timed(call, options, work))
    except TransferError as error:
        text = said(call, error, options, again=False)
        if error.kind.startswith("net."):
            text = f"Result {text} after {attempts(options)} attempts"
        call.err(prefix.format(text=text))
        return code


def _ls(call: ToolCall, options: Options) -> Work:
    name = options.words[0]
    place = far_end(name)
    if place is None:
        _refused(call, options, name, again=False)
        return FAILED
    if not (yield from _reached(call, options, place, again=False)):
        return FAILED
    form = f"{REQUEST}{{text}}\n"
    found = yield from _asked(call, options, stat(call, place), prefix=form, code=FAILED)
    if isinstance(found, int):
        return found
    line = f"-rwxrwxrwx 0     {found.content.size:<10} " if options.has("l") else ""
    call.out(f"{line}{posixpath.basename(place.path)}\n")
    return 0


def _rm(call: ToolCall, options: Options) -> Work:
    name = options.words[0]
    place = far_end(name)
    if place is None:
        _refused(call, options, name, again=False)
        return FAILED
    if not (yield from _reached(call, options, place, again=False)):
        return FAILED
    form = f"(Davix::rm) Error: {{text}} with url {name}\n"
    done = yield from _asked(call, options, delete(call, place), prefix=form, code=1)
    return done if isinstance(done, int) else 0


def _mkdir(call: ToolCall, options: Options) -> Work:
    yield call.node.clock.timeout(0.0)
    return FAILED if _refused(call, options, options.words[0], again=False) else os.EX_OK
