"""The command line of gfal2's programs, and what they say of a wrong one (argparse does)."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from dataclasses import field

from fakesites.timelimits import NEVER
from fakesites.tools import ToolCall
from fakesites.turls import Turl
from fakesites.turls import parse_turl

RELEASE = "2.21.3"
VERSION = f"gfal2-util version 1.8.0 (gfal2 {RELEASE})\n" + "".join(
    f"\t{plugin}-{RELEASE}\n" for plugin in ("dcap", "file", "gridftp", "http", "srm", "xrootd")
)
VALUED_WORDS = (
    "-t --timeout -T --transfer-timeout -K --checksum --checksum-mode -n --nbstreams -D "
    "--definition -E --cert --key -C --client-info --log-file -s --src-spacetoken -S "
    "--dst-spacetoken --tcp-buffersize --from-file --copy-mode --scitag --xattr --time-style "
    "--color"
)
VALUED = frozenset(VALUED_WORDS.split())
BARE_WORDS = (
    "-h --help -V --version -v --verbose -4 -6 -f --force -p --parent --just-copy --no-delegation "
    "--evict -r --recursive --abort-on-failure --dry-run -a --all -l --long -d --directory -H "
    "--human-readable --full-time -R --bearer --just-delete"
)
BARE = frozenset(BARE_WORDS.split())
LONG = {
    "-t": "--timeout",
    "-K": "--checksum",
    "-f": "--force",
    "-T": "--transfer-timeout",
}
LONG |= {"-v": "--verbose", "-h": "--help", "-V": "--version", "-vv": "--verbose"}
LONG |= {"-vvv": "--verbose", "-l": "--long"}


@dataclass(slots=True)
class Options:
    """One command line, with the long names of its options; *until* when it has to be done."""

    flags: list[str] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    limit_s: int = 0
    until: float = NEVER


def parse(words: tuple[str, ...]) -> Options:
    """Return the options and names in *words*."""
    options = Options()
    rest = list(words)
    while rest:
        word = rest.pop(0)
        name, equals, value = word.partition("=")
        if not word.startswith("-") or word == "-":
            options.names.append(word)
        elif name in VALUED and (equals or rest):
            options.values[LONG.get(name, name)] = value if equals else rest.pop(0)
        elif word in BARE or word in LONG:
            options.flags.append(LONG.get(word, word))
        else:
            options.unknown.append(word)
    return options


def complaint(call: ToolCall, options: Options, wanted: tuple[str, ...]) -> str:
    """Return what is wrong with a command line that should have *wanted* names, "" if nothing."""
    program = posixpath.basename(call.argv[0])
    missing = wanted[len(options.names) :]
    if missing:
        text = f"the following arguments are required: {', '.join(missing)}"
    elif options.unknown:
        text = f"unrecognized arguments: {' '.join(options.unknown)}"
    else:
        return ""
    usage = f"usage: {program} [-h] [-V] [-v] [-t TIMEOUT] [-E CERT] {' '.join(wanted)}"
    return f"{usage}\n{program}: error: {text}\n"


def place(name: str) -> Turl | str:
    """Return *name* as a URL of a door, or as the path of a file of the node."""
    turl = parse_turl(name)
    if turl is None:
        return name
    return turl.path if turl.protocol == "file" else turl


def surl(call: ToolCall, name: str) -> str:
    """Return *name* as a URL, which plain paths become first."""
    return name if "://" in name else f"file://{call.path(name)}"


def is_foreign(name: str) -> bool:
    """Tell whether *name* is a URL of a scheme for which there is no plugin."""
    return "://" in name and parse_turl(name) is None
