"""xrdcp: copies through the xrootd door.

Models version 5: the checksum that --cksum prints or verifies, the exit codes (50 and the
hundreds of the client's status code), the waits for a refused door (five attempts, 120 s apart)
and for one that does not answer (1800 s). There is no progress bar where standard error is no
terminal. Not modelled: recursion, several sources, third-party copies in earnest, metalinks, zip
archives. Read from xrootd/xrootd@4ec63a24e:src/XrdCl/XrdClCopy.cc, XrdClStatus.cc, XrdClStream.cc
and src/XrdApps/XrdCpConfig.cc, and held against Debian's 5.5.3 (docs/reference/fidelity.md). Its
own texts are in lower case ("no such file or directory"), and so are those of an xrootd server,
which puts a NUL after them; the words of a dCache door are those of dCache/dcache#5882.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from posixpath import dirname
from string import hexdigits
from typing import Any
from typing import Generator

import simpy

from fakesites.contents import FileContent
from fakesites.storage import StorageError
from fakesites.tools import ToolCall
from fakesites.tools import tool
from fakesites.transfers import CopyOptions
from fakesites.transfers import Failure
from fakesites.transfers import TransferError
from fakesites.transfers import copy
from fakesites.turls import Turl
from fakesites.turls import parse_turl

Work = Generator[simpy.Event, Any, int]

VERSION = "v5.5.3\n"
ATTEMPTS = 5
CONNECTION_WINDOW_S = 120.0
REQUEST_TIMEOUT_S = 1800.0

USAGE = """
Usage:   xrdcp [<options>] <src> [<src> [. . .]] <dest>

Options: [--allow-http] [--cksum <args>] [--coerce] [--continue]
         [--debug <lvl>] [--dynamic-src] [--force] [--help]
         [--infiles <fn>] [--license] [--nopbar] [--notlsok]
         [--parallel <n>] [--posc] [--proxy <host>:<port>]
         [--recursive] [--retry <n>] [--retry-policy <force|continue>]
         [--rm-bad-cksum] [--server] [--silent] [--sources <n>]
         [--streams <n>] [--tlsmetalink] [--tlsnodata]
         [--tpc [delegate] {first|only}] [--verbose] [--version]
         [--xattr] [--xrate <rate>] [--xrate-threshold <rate>]
         [--zip <file>] [--zip-append] [--zip-mtln-cksum]

<src>:   [[x]root[s]://<host>[:<port>]/]<path> | -
<dest>:  [[x]root[s]://<host>[:<port>]/]<path> | -
"""
HELP = """
Note: using a dash (-) for <src> uses stdin and for <dest> stdout

-C | --cksum <args>           verifies the checksum at the destination as provided
                              by the source server or locally computed. The args are
                                      <ckstype>[:{<value>|print|source}]
-f | --force                  replaces any existing output file
-h | --help                   prints this information
-N | --nopbar                 does not print the progress bar

Legacy options:     [-adler] [-DI<var> <val>] [-DS<var> <val>] [-np]
                    [-md5] [-OD<cgi>] [-OS<cgi>] [-version] [-x]
"""
VALUED_WORDS = (
    "-C --cksum -d --debug -I --infiles --parallel -D --proxy -t --retry --retry-policy -y "
    "--sources -S --streams -T --tpc -X --xrate --xrate-threshold -z --zip"
)
VALUED = frozenset(VALUED_WORDS.split())
BARE_WORDS = (
    "-A --allow-http -F --coerce --continue -Z --dynamic-src -f --force -h --help -N --nopbar "
    "-np --notlsok -P --posc -p --path -r --recursive --rm-bad-cksum --server -s --silent -E "
    "--tlsnodata --tlsmetalink -v --verbose -V --version -version --xattr --zip-append "
    "--zip-mtln-cksum -adler -md5 -x"
)
BARE = frozenset(BARE_WORDS.split())
# How many hexadecimal digits the value of a checksum has.
CKSUM_DIGITS = {"adler32": 8, "crc32": 8, "crc32c": 8, "md5": 32, "zcrc32": 8, "auto": 0}

# What the client finds by itself: exit code and status.
CLIENT_SAYS = {
    "exists": (50, "[ERROR] Invalid operation: file exists"),
    "checksum": (53, "[ERROR] CheckSum error"),
    "denied": (52, "[FATAL] Auth failed: No protocols left to try ({side})"),
    "net.dns": (51, "[FATAL] Invalid address:  ({side})"),
    "net.refused": (51, "[FATAL] Connection error:  ({side})"),
    "net.unreachable": (51, "[FATAL] Socket error: network is unreachable:  ({side})"),
    "net.reset": (51, "[FATAL] Socket error: connection reset by peer:  ({side})"),
    "net.closed": (51, "[FATAL] Socket error:  ({side})"),
    "net.timeout": (51, "[FATAL] Socket timeout:  ({side})"),
    "net.tls": (51, "[FATAL] TLS error:  ({side})"),
    "net.expired": (52, "[ERROR] Operation expired:  ({side})"),
}
# What a server answers: number and words.
DCACHE_SAYS = {
    "missing": (3011, "No such file or directory {path}"),
    "space": (3009, "No space left on device"),
    "quota": (3021, "Disk quota exceeded"),
    "readonly": (3010, "Permission denied"),
    "forbidden": (3010, "Permission denied"),
    "unavailable": (3012, "service is not available at the moment"),
}
XROOTD_SAYS = {
    "missing": (3011, "no such file or directory"),
    "space": (3009, "no space left on device"),
    "quota": (3021, "disk quota exceeded"),
    "readonly": (3025, "read-only file system"),
    "forbidden": (3010, "permission denied"),
}


@dataclass(slots=True)
class Options:
    """One command line; *cksum* is what follows --cksum."""

    flags: list[str] = field(default_factory=list)
    cksum: str = ""
    names: list[str] = field(default_factory=list)
    wrong: str = ""

    def has(self, *flags: str) -> bool:
        """Tell whether one of *flags* was given."""
        return any(flag in self.flags for flag in flags)


@tool("xrdcp", "xrdcopy")
def xrdcp(call: ToolCall) -> Work:
    """Copy one file; exit code 0, 22 for a wrong command, 2, or 50 to 55 as the client has it."""
    options = parse(call.argv[1:])
    if options.wrong:
        call.err(f"xrdcp: {options.wrong}\n{USAGE}")
        return 22
    if options.has("-h", "--help"):
        call.err(f"{USAGE}{HELP}\n")
        return 0
    if options.has("-V", "--version", "-version"):
        call.err(VERSION)
        return 0
    if len(options.names) != 2:
        text = "Destination not specified." if options.names else "No files specified."
        call.err(f"xrdcp: {text}\n{USAGE}")
        return 22
    return (yield from _copy(call, options))


def parse(words: tuple[str, ...]) -> Options:
    """Return what *words* ask for; *wrong* says what could not be understood."""
    options = Options()
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word.startswith(("-OD", "-OS")):
            continue
        if not word.startswith("-") or word == "-":
            options.names.append(word)
        elif word in BARE:
            options.flags.append(word)
        elif word in VALUED and rest:
            value = rest.pop(0)
            if word in ("-C", "--cksum"):
                options.cksum, options.wrong = value, cksum_trouble(value)
        elif word in VALUED:
            options.wrong = f"'{word}' argument missing."
        elif word.startswith(("-DI", "-DS")) and rest:
            rest.pop(0)
        else:
            options.wrong = f"Invalid option, '{word}'."
        if options.wrong:
            break
    return options


def cksum_trouble(wanted: str) -> str:
    """Return what is wrong with the value of --cksum, "" if nothing is."""
    kind, _, value = wanted.partition(":")
    if kind not in CKSUM_DIGITS:
        return f"Invalid checksum type, '{kind}'."
    if value in ("", "print", "source"):
        return ""
    good = len(value) == CKSUM_DIGITS[kind] and not set(value.lower()) - set(hexdigits)
    return "" if good else f"Invalid {kind} value '{value}'."


def _copy(call: ToolCall, options: Options) -> Work:
    source, target = place(options.names[0]), place(options.names[1])
    if isinstance(source, str):
        trouble = local_trouble(call, source)
        if trouble:
            call.err(f"xrdcp: {trouble}\n")
            return 2
    if isinstance(target, str) and call.real(target).is_dir():
        target = f"{target.rstrip('/')}/{options.names[0].rsplit('/', 1)[-1]}"

    def finish(content: FileContent) -> None:
        verify(call, options.cksum, content, source, target)

    if isinstance(target, str):
        # It makes the folders above a target.
        call.real(dirname(call.path(target))).mkdir(parents=True, exist_ok=True)
    limits = CopyOptions(
        overwrite=options.has("-f", "--force"),
        finish=finish,
        attempts=ATTEMPTS,
        retry_s=CONNECTION_WINDOW_S,
        stall_s=REQUEST_TIMEOUT_S,
    )
    code: int = yield from copy(
        call, "xrdcp", source=source, target=target, explain=explain, options=limits
    )
    return code


def place(name: str) -> Turl | str:
    """Return *name* as a URL, or as the path of a file of the node."""
    turl = parse_turl(name)
    if turl is None:
        return name
    return turl.path if turl.protocol == "file" else turl


def local_trouble(call: ToolCall, path: str) -> str:
    """Return what is wrong with the node's file *path* as a source, "" if nothing is."""
    try:
        real = call.real(path)
        if real.is_dir():
            return f"{path} is a directory."
        real.stat()
    except FileNotFoundError:
        return f"no such file or directory processing {path}"
    except OSError:
        return f"permission denied processing {path}"
    return ""


def verify(
    call: ToolCall, wanted: str, content: FileContent, source: Turl | str, target: Turl | str
) -> None:
    """Print or compare the checksum as --cksum asks. Raises TransferError (checksum)."""
    kind, _, value = wanted.partition(":")
    if kind != "adler32":
        return
    if value in ("print", "source"):
        shown = named(call, source if value == "source" else target)
        # Without leading zeros: pilots fill them in.
        call.err(f"adler32: {int(content.adler32, 16):x} {shown} {content.size}\n")
    elif value and value.lower().zfill(8) != content.adler32:
        raise TransferError("checksum", "target", path=named(call, target))


def named(call: ToolCall, target: Turl | str) -> str:
    """Return *target* as the checksum line has it."""
    if isinstance(target, str):
        return call.path(target)
    return f"{target.protocol}://{target.host}:{target.port}{target.path}"


def explain(error: TransferError) -> Failure:
    """Return the exit code and the words for *error*; pilots read the words."""
    side = "source" if error.side == "source" else "destination"
    code, text = answer(error, side)
    return Failure(code, f"Run: {text}\n")


def answer(error: TransferError, side: str) -> tuple[int, str]:
    """Return the exit code and the status of *error*."""
    if isinstance(error.__cause__, OSError):
        return 54, f"[ERROR] Local error: {error.text[:1].lower()}{error.text[1:]}:  ({side})"
    if error.kind == "exists" and not isinstance(error.__cause__, StorageError):
        return 54, f"[ERROR] Local error: file exists:  ({side})"
    if error.kind in CLIENT_SAYS:
        code, text = CLIENT_SAYS[error.kind]
        return code, text.format(side=side)
    number, words = server_says(error, side)
    return 54, f"[ERROR] Server responded with an error: [{number}] {words} ({side})\n"


def server_says(error: TransferError, side: str) -> tuple[int, str]:
    """Return the number and the words of the server's answer, by the software that it is."""
    software = getattr(error.__cause__, "software", "")
    if software == "xrootd" and error.kind in XROOTD_SAYS:
        number, words = XROOTD_SAYS[error.kind]
        verb = "write" if error.kind in ("space", "quota") else "open"
        verb = "create" if verb == "open" and side == "destination" else verb
        return number, f"Unable to {verb} {error.path}; {words}\0"
    number, words = DCACHE_SAYS.get(error.kind, (3005, error.text))
    return number, words.format(path=error.path)
