"""ls, with modification times in virtual time; one name a line, as into a pipe."""

from __future__ import annotations

import posixpath
import stat

from fakesites.moments import date_text
from fakesites.moments import listing_time
from fakesites.tools import ToolCall
from fakesites.tools import tool
from fakesites.tools._entries import Entry
from fakesites.tools._entries import entry
from fakesites.tools._entries import names
from fakesites.tools._options import Grammar
from fakesites.tools._options import Options
from fakesites.tools._sizes import human
from fakesites.tools._sizes import units

LS = Grammar(
    flags="1AaFRSdghiklnoprtUL",
    long=(
        ("all", "a"),
        ("almost-all", "A"),
        ("classify", "F"),
        ("color=", "color"),
        ("color", "color"),
        ("directory", "d"),
        ("full-time", "full-time"),
        ("human-readable", "h"),
        ("recursive", "R"),
        ("reverse", "r"),
        ("time-style=", "time-style"),
    ),
    code=2,
)
Named = tuple[str, Entry]


@tool("ls")
def ls(call: ToolCall) -> int:
    """List files and folders; 2 if one of them does not exist."""
    options = LS.read(call.argv)
    call.node.settle()
    found: list[Named] = []
    failed = False
    for name in options.words or (".",):
        try:
            found.append((name, entry(call.node.files, call.path(name), follow=_follows(options))))
        except OSError as error:
            call.err(f"ls: cannot access '{name}': {_reason(error)}\n")
            failed = True
    _write(call, found, options)
    return 2 if failed else 0


def _reason(error: OSError) -> str:
    outside = isinstance(error, PermissionError)
    return "No such file or directory" if outside else str(error.strerror)


def _follows(options: Options) -> bool:
    return not options.has("l", "d", "F") or options.has("L")


def _write(call: ToolCall, found: list[Named], options: Options) -> None:
    files = [each for each in found if options.has("d") or not each[1].is_folder]
    folders = [each for each in found if not options.has("d") and each[1].is_folder]
    if files:
        _rows(call, _sorted(files, options), options)
    titled = len(found) > 1 or options.has("R")
    for number, (name, folder) in enumerate(_sorted(folders, options)):
        call.out("\n" if number or files else "")
        _folder(call, name, folder, options, titled=titled)


def _folder(call: ToolCall, name: str, folder: Entry, options: Options, *, titled: bool) -> None:
    call.out(f"{name}:\n" if titled else "")
    members = _members(call, folder, options)
    if options.has("l", "g", "o", "n", "full-time"):
        room = sum(each.blocks_bytes for _, each in members)
        call.out(f"total {human(room) if options.has('h') else units(room, 1024)}\n")
    _rows(call, members, options)
    if options.has("R"):
        for inner, each in members:
            if each.is_folder and inner not in (".", ".."):
                call.out("\n")
                _folder(call, posixpath.join(name, inner), each, options, titled=True)


def _members(call: ToolCall, folder: Entry, options: Options) -> list[Named]:
    hidden = options.has("a", "A")
    inside = [name for name in names(folder.real) if hidden or not name.startswith(".")]
    files = call.node.files
    found = [(name, entry(files, f"{folder.path}/{name}")) for name in inside]
    if options.has("a"):
        above = posixpath.dirname(folder.path) if folder.path != "/srv" else "/srv"
        found += [(".", folder), ("..", entry(files, above))]
    return _sorted(found, options)


def _sorted(found: list[Named], options: Options) -> list[Named]:
    ordered = sorted(found, key=lambda each: each[0])
    if options.has("t"):
        ordered.sort(key=lambda each: -each[1].mtime)
    elif options.has("S"):
        ordered.sort(key=lambda each: -each[1].size)
    return ordered[::-1] if options.has("r") else ordered


def _rows(call: ToolCall, found: list[Named], options: Options) -> None:
    if not options.has("l", "g", "o", "n", "full-time"):
        call.out("".join(f"{_name(name, each, options)}\n" for name, each in found))
        return
    rows = [_cells(call, name, each, options) for name, each in found]
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        mode, links, user, group, size, when, name = row
        cells = [mode, links.rjust(widths[1])]
        cells += [] if options.has("g") else [user.ljust(widths[2])]
        cells += [] if options.has("o") else [group.ljust(widths[3])]
        call.out(" ".join([*cells, size.rjust(widths[4]), when.rjust(widths[5]), name]) + "\n")


def _cells(call: ToolCall, name: str, each: Entry, options: Options) -> tuple[str, ...]:
    spec = call.node.spec
    numeric = options.has("n")
    size = human(each.size) if options.has("h") else str(each.size)
    if options.has("full-time"):
        when = date_text(each.mtime, "%Y-%m-%d %H:%M:%S.%N +0000")
    elif options.get("time-style") == "long-iso":
        when = date_text(each.mtime, "%Y-%m-%d %H:%M")
    else:
        when = listing_time(each.mtime, now=call.node.wall())
    shown = _name(name, each, options) + (f" -> {each.target}" if each.target else "")
    user = str(spec.uid) if numeric else spec.user
    group = str(spec.gid) if numeric else spec.group
    return stat.filemode(each.mode), str(each.links), user, group, size, when, shown


def _name(name: str, each: Entry, options: Options) -> str:
    mark = ""
    if each.is_folder and options.has("F", "p"):
        mark = "/"
    elif each.kind == "f" and options.has("F") and each.mode & 0o111:
        mark = "*"
    elif each.kind == "l" and options.has("F") and not options.has("l"):
        mark = "@"
    return f"{name}{mark}"
