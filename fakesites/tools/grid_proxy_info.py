"""grid-proxy-info: the Globus view of a proxy.

Models -exists with -valid, -hours and -bits, the print options in the order they are given, and
the refusal of a proxy file that others may read. Not modelled: -text, -rfc2253.
Read from gridcf/gct@1ba1e1087:gsi/proxy/proxy_utils/source/programs/grid_proxy_info.c. The pilot
asks for "-valid 24.0:0.0": sscanf("%d:%d") reads only the 24, and the tool refuses the format.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from dataclasses import field

from fakesites.credentials import Credential
from fakesites.credentials import CredentialError
from fakesites.proxyfiles import clock_text
from fakesites.proxyfiles import load_proxy
from fakesites.proxyfiles import mode_of
from fakesites.proxyfiles import proxy_path
from fakesites.tools import ToolCall
from fakesites.tools import tool

SHORT_USAGE = "\nSyntax: grid-proxy-info [-help][-f proxyfile][-subject][...][-e [-h H][-b B]]\n"
SHORT = {"-f": "-file", "-e": "-exists", "-h": "-hours", "-v": "-valid", "-b": "-bits"}
SHORT |= {"-s": "-subject", "-i": "-issuer", "-usage": "-help"}
PRINTS = ("-subject", "-issuer", "-identity", "-type", "-timeleft", "-strength", "-all", "-path")
BARE = ("-exists", "-debug", "-help", "-version", *PRINTS)
VALUED = ("-file", "-hours", "-valid", "-bits")
NOT_THERE = "\nERROR: Couldn't find a valid proxy.\n       globus_sysconfig: "
NOT_FOUND = (
    f"{NOT_THERE}Could not find a valid proxy certificate file location\n"
    "globus_sysconfig: Error with key filename\nglobus_sysconfig: "
)
HINT = "Use -debug for further information.\n"


class UsageError(Exception):
    """The command line is wrong."""


@dataclass(slots=True)
class Options:
    """The options of one call; *wanted_s* and *bits* belong to -exists."""

    prints: list[str] = field(default_factory=list)
    exists: bool = False
    wanted_s: int = 0
    bits: int = 0
    file: str = ""
    talk: str = ""


@tool("grid-proxy-info")
def grid_proxy_info(call: ToolCall) -> int:
    """Print what is asked of the proxy; exit code 0, or 1 if it is missing or too short."""
    try:
        options = parse(call.argv[1:])
    except UsageError as error:
        call.err(f"\nERROR: {error}\n{SHORT_USAGE}\nUse -help to display full usage.\n")
        return 1
    if options.talk:
        call.err(SHORT_USAGE if options.talk == "-help" else "globus_proxy_utils-7.3\n")
        return 0
    path = proxy_path(call, options.file)
    try:
        credential = trusted_file(call, path, given=bool(options.file))
    except (OSError, CredentialError) as error:
        call.err(f"{error}\n{HINT}")
        return 1
    left = credential.chain.not_after - int(call.node.wall())
    for line in report(credential, options, path=path, left=left):
        call.out(f"{line}\n")
    if not options.exists:
        return 0
    return 0 if left >= options.wanted_s and credential.bits >= options.bits else 1


def trusted_file(call: ToolCall, path: str, *, given: bool) -> Credential:
    """Return the credential in *path*. Raises CredentialError with the tool's own words.

    The tool says less of a file that it was *given* than of one that it had to find.
    """
    trouble = NOT_THERE if given else NOT_FOUND
    try:
        mode = mode_of(call, path)
    except OSError as error:
        why = f"File does not exist: {path} is not a valid file"
        raise CredentialError(f"{trouble}{why}\n") from error
    if mode & 0o177:
        why = f"Permissions on {path} are too permissive. Maximum allowable permissions are 600"
        raise CredentialError(f"{trouble}File has bad permissions: {why}\n")
    try:
        return load_proxy(call, path)
    except (OSError, CredentialError) as error:
        why = "globus_credential: Error reading proxy credential"
        raise CredentialError(
            f"\nERROR: Couldn't read proxy from: {path}\n       {why}\n"
            f"{why}: Couldn't read PEM from bio\n"
        ) from error


def parse(words: tuple[str, ...]) -> Options:
    """Return the options in *words*. Raises UsageError."""
    options = Options()
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word == "--":
            break
        if word.startswith("--"):
            raise UsageError(f"option {word} : double-dashed options are not allowed")
        name = SHORT.get(word, word)
        if name in VALUED:
            _valued(options, name, word, rest)
        elif name in BARE:
            _bare(options, name, word)
        else:
            raise UsageError(f"option {word} : unrecognized option")
    return options


def _bare(options: Options, name: str, word: str) -> None:
    if name == "-exists":
        if options.exists:
            raise UsageError(f"option {word} : can only be given once")
        options.exists = True
    elif name in ("-help", "-version"):
        options.talk = options.talk or name
    elif name in PRINTS:
        options.prints.append(name)


def _valued(options: Options, name: str, word: str, rest: list[str]) -> None:
    if name != "-file" and not options.exists:
        raise UsageError(f"option {word} : suboption to -exists")
    if not rest or rest[0].startswith("-"):
        kind = "a file name argument" if name == "-file" else "a non-negative integer argument"
        raise UsageError(f"option {word} : need{'s' if name == '-file' else ''} {kind}")
    value = rest.pop(0)
    if name == "-file":
        options.file = value
    elif name == "-bits":
        options.bits = integer(value)
    elif name == "-hours":
        options.wanted_s = integer(value) * 3600
    else:
        options.wanted_s = period_s(word, value)


def period_s(word: str, value: str) -> int:
    """Return the seconds in H:M. Raises UsageError."""
    match = re.match(r"\s*(-?\d+):\s*(-?\d+)", value)
    if match is None:
        raise UsageError(f"option {word} : value must be in the format: H:M")
    hours, minutes = int(match[1]), int(match[2])
    if hours < 0:
        raise UsageError(f"option {word} : specified hours must be a nonnegative integer")
    if not 0 <= minutes <= 60:
        raise UsageError(f"option {word} : specified minutes must be in the range 0-60")
    return hours * 3600 + minutes * 60


def integer(text: str) -> int:
    """Return the integer at the start of *text*, 0 if there is none, as atoi does."""
    match = re.match(r"\s*[+-]?\d+", text)
    return int(match[0]) if match else 0


def report(credential: Credential, options: Options, *, path: str, left: int) -> list[str]:
    """Return the lines to print; everything when nothing else was asked for."""
    kind = credential.chain.leaf.proxy.value
    everything = [
        f"subject  : {credential.subject}",
        f"issuer   : {credential.issuer}",
        f"identity : {credential.dn}",
        f"type     : {kind}",
        f"strength : {credential.bits} bits",
        f"path     : {path}",
        f"timeleft : {time_left(left)}",
    ]
    answers = {
        "-subject": [credential.subject],
        "-issuer": [credential.issuer],
        "-identity": [credential.dn],
        "-type": [kind],
        "-timeleft": [str(left if left >= 0 else -1)],
        "-strength": [str(credential.bits)],
        "-path": [path],
        "-all": everything,
    }
    if not options.prints and not options.exists:
        return everything
    return [line for name in options.prints for line in answers[name]]


def time_left(left: int) -> str:
    """Return *left* seconds as the summary shows them, with days when there are any."""
    seconds = max(0, left)
    days = f"  ({seconds // 3600 / 24.0:.1f} days)" if seconds > 24 * 3600 else ""
    return clock_text(seconds) + days
