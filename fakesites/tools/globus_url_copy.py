"""globus-url-copy: copies through GridFTP doors.

Models the options that pilots used (-p, -tcp-bs, -bs, -vb, -cd, -fast, -stall-timeout …), the
credential that is checked before a door is asked, and the words of client and server for a
failure; the exit code is always 1. Without -stall-timeout a door that says nothing is waited for
without end. Not modelled: folders and wildcards, -f, third-party copies in earnest, -dbg, the
lines with rates of -vb.
Held against globus-gass-copy-progs 10.12 and globus-gridftp-server 13.24 (docs/reference/
fidelity.md). The words of a dCache door are read from
dCache/dcache:modules/dcache-ftp/…/AbstractFtpDoorV1.java.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from dataclasses import field
from typing import Any
from typing import Generator

import simpy

from fakesites.contents import FileContent
from fakesites.timelimits import NEVER
from fakesites.tools import ToolCall
from fakesites.tools import tool
from fakesites.tools._globus_words import LOCAL_READ
from fakesites.tools._globus_words import USAGE
from fakesites.tools._globus_words import credential_trouble
from fakesites.tools._globus_words import words_of
from fakesites.transfers import CopyOptions
from fakesites.transfers import Failure
from fakesites.transfers import TransferError
from fakesites.transfers import copy
from fakesites.turls import Turl
from fakesites.turls import parse_turl

Work = Generator[simpy.Event, Any, int]

VERSION = "globus-url-copy: 10.12\n"
NUMBER_WORDS = (
    "-p -parallel -tcp-bs -tcp-buffer-size -bs -block-size -cc -pp -st -stall-timeout -len "
    "-partial-length -off -partial-offset -rst-retries"
)
NUMBERS = frozenset(NUMBER_WORDS.split())
VALUED_WORDS = "-s -subject -ss -ds -f -mn -mp -nlb -src-cred -dst-cred -af -df"
VALUED = frozenset(VALUED_WORDS.split())
BARE_WORDS = (
    "-vb -verbose -dbg -debugftp -fast -cd -create-dest -r -rst -restart -nodcau -no-dcau -dcsafe "
    "-dcpriv -notpt -no-third-party-transfers -ipv6 -udt -b -binary -a -ascii -c -q -quiet -sync"
)
BARE = frozenset(BARE_WORDS.split())


@dataclass(slots=True)
class Options:
    """One command line; *wrong* says what could not be understood."""

    flags: list[str] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    wrong: str = ""

    def stall_s(self) -> float:
        """Return how long a transfer may stand still, in seconds."""
        given = self.values.get("-stall-timeout", self.values.get("-st", ""))
        return float(given) if given else NEVER


@tool("globus-url-copy")
def globus_url_copy(call: ToolCall) -> Work:
    """Copy one file; exit code 0 or 1."""
    options = parse(call.argv[1:])
    if options.wrong:
        call.err(f"\nError, {options.wrong}\n\nSyntax : {USAGE}.\n")
        return 1
    if {"-version", "-help", "-usage"} & {*options.flags}:
        call.err(VERSION if "-version" in options.flags else f"\nSyntax: {USAGE}\n")
        return 1
    if len(options.names) != 2:
        call.err(f"\nERROR: source and dest url strings are required\n\nSyntax: {USAGE}\n")
        return 1
    return (yield from _copy(call, options))


def parse(words: tuple[str, ...]) -> Options:
    """Return what *words* ask for."""
    options = Options()
    rest = list(enumerate(words, start=1))
    while rest and not options.wrong:
        at, word = rest.pop(0)
        if word.startswith("--"):
            reason = "double-dashed option syntax is not allowed"
            options.wrong = f"argument #{at} ({word}) : {reason}"
        elif word in NUMBERS | VALUED and rest:
            at, value = rest.pop(0)
            options.values[word] = value
            if word in NUMBERS and not value.isdigit():
                options.wrong = f"argument #{at} ({value}) : argument is not a positive integer"
        elif word in BARE or word in ("-version", "-help", "-usage"):
            options.flags.append(word)
        elif word.startswith("-"):
            options.wrong = f"argument #{at} ({word}) : unknown option"
        else:
            options.names.append(word)
    return options


def _copy(call: ToolCall, options: Options) -> Work:
    ends = [place(name) for name in options.names]
    for name, end in zip(options.names, ends, strict=True):
        if end is None:
            text = f"Unable to list url {name}:\n[globus_gass_copy_glob_expand_url]: "
            call.err(f"\nerror: {text}error parsing url scheme.\n")
            return 1
    source, target = ends
    assert source is not None
    assert target is not None
    trouble = before(call, source, target)
    if trouble:
        call.err(f"\nerror: {trouble}")
        return 1
    if {"-cd", "-create-dest"} & {*options.flags} and isinstance(target, str):
        call.real(posixpath.dirname(target)).mkdir(parents=True, exist_ok=True)
    if {"-vb", "-verbose"} & {*options.flags}:
        call.out(verbose(call, options.names, ends))

    def explain(error: TransferError) -> Failure:
        return Failure(1, f"\nerror: {words_of(error, source, target)}")

    limits = CopyOptions(stall_s=options.stall_s(), finish=_nothing)
    code: int = yield from copy(
        call, "globus-url-copy", source=source, target=target, explain=explain, options=limits
    )
    return code


def _nothing(_content: FileContent) -> None:
    """Nothing is said of a copy that went well."""


def place(name: str) -> Turl | str | None:
    """Return *name* as a URL, as the path of a file of the node, or None for another scheme."""
    turl = parse_turl(name)
    if turl is None:
        return None if "://" in name else name
    if turl.protocol == "file":
        return turl.path
    return turl if turl.protocol == "gsiftp" else None


def before(call: ToolCall, source: Turl | str, target: Turl | str) -> str:
    """Return what is wrong before a door is asked, "" if nothing is."""
    if isinstance(source, Turl) or isinstance(target, Turl):
        trouble = credential_trouble(call)
        if trouble:
            return trouble
    if isinstance(source, str) and call.real(source).is_dir():
        return LOCAL_READ.format(reason="Is a directory")
    return ""


def verbose(call: ToolCall, names: list[str], ends: list[Turl | str | None]) -> str:
    """Return what -vb says before a copy."""
    urls = [
        f"file://{call.path(end)}" if isinstance(end, str) else name
        for name, end in zip(names, ends, strict=True)
    ]
    (left, first), (right, second) = (url.rsplit("/", 1) for url in urls)
    return f"Source: {left}/\nDest:   {right}/\n  {first}  ->  {second}\n\n"
