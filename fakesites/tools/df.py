"""df and du: the node's one disk, and what takes room on it, in nominal sizes."""

from __future__ import annotations

import posixpath

from fakesites.machine import MB
from fakesites.tools import ToolCall
from fakesites.tools import tool
from fakesites.tools._entries import Entry
from fakesites.tools._entries import entry
from fakesites.tools._entries import names
from fakesites.tools._options import Grammar
from fakesites.tools._options import Options
from fakesites.tools._sizes import human
from fakesites.tools._sizes import units

DF = Grammar(
    flags="aPmkhHlTi",
    values="Bt",
    long=(("block-size=", "B"), ("human-readable", "h"), ("portability", "P"), ("total", "total")),
)
DU = Grammar(
    flags="abchkmsxL",
    values="d",
    long=(
        ("all", "a"),
        ("apparent-size", "apparent"),
        ("bytes", "b"),
        ("human-readable", "h"),
        ("max-depth=", "d"),
        ("summarize", "s"),
        ("total", "c"),
    ),
)
DEPTH_LIMIT = 100


@tool("df")
def df(call: ToolCall) -> int:
    """Write the size, use and room of the disk that holds each path."""
    options = DF.read(call.argv)
    node = call.node
    failed = False
    rows = 0 if options.words else 1
    for name in options.words:
        if _exists(call, name):
            rows += 1
        else:
            call.err(f"df: {name}: No such file or directory\n")
            failed = True
    if rows:
        total = node.spec.disk_mb * MB
        free = min(total, node.free_bytes())
        call.out(_table(node.spec.disk_device, node.spec.mount, total, free, options, rows))
    return 1 if failed else 0


def _exists(call: ToolCall, name: str) -> bool:
    if call.path(name) == "/":
        return True
    try:
        return call.real(name).exists()
    except OSError:
        return False


def _table(device: str, mount: str, total: int, free: int, options: Options, rows: int) -> str:
    used = total - free
    unit, size_header = _unit(options)
    share = f"{-(-100 * used // total)}%"
    amounts = [human(n) if unit == 0 else str(units(n, unit)) for n in (total, used, free)]
    last = "Capacity" if options.has("P") else "Use%"
    available = "Avail" if unit == 0 else "Available"
    header = ("Filesystem", size_header, "Used", available, last)
    lines = [header, *[(device, *amounts, share)] * rows]
    widths = [max(len(line[at]) for line in lines) for at in range(5)]
    widths[0] = max(widths[0], 14)
    return "".join(
        " ".join([line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])])
        + (" Mounted on\n" if number == 0 else f" {mount}\n")
        for number, line in enumerate(lines)
    )


def _unit(options: Options) -> tuple[int, str]:
    if options.has("h", "H"):
        return 0, "Size"
    block = options.get("B").upper().removesuffix("B")
    if options.has("m") or block in ("M", "1M"):
        return MB, "1048576-blocks" if options.has("P") else "1M-blocks"
    if block in ("G", "1G"):
        return MB * 1024, "1G-blocks"
    if block == "1":
        return 1, "1B-blocks"
    return 1024, "1024-blocks" if options.has("P") else "1K-blocks"


@tool("du")
def du(call: ToolCall) -> int:
    """Write the room that folders and files take, what is below them included."""
    options = DU.read(call.argv)
    call.node.settle()
    failed = False
    total = 0
    for name in options.words or (".",):
        try:
            each = entry(call.node.files, call.path(name), follow=options.has("L"))
        except OSError:
            call.err(f"du: cannot access '{name}': No such file or directory\n")
            failed = True
            continue
        total += _measure(call, name, each, options, depth=0, seen=set())
    if options.has("c"):
        call.out(f"{_amount(total, options)}\ttotal\n")
    return 1 if failed else 0


def _measure(
    call: ToolCall, name: str, each: Entry, options: Options, *, depth: int, seen: set[int]
) -> int:
    """Return the bytes of *each* and what is below it, and write the lines asked for."""
    deepest = 0 if options.has("s") else int(options.number("d", DEPTH_LIMIT))
    nominal = options.has("b", "apparent")
    size = each.size if nominal else each.blocks_bytes
    if each.links > 1 and not each.is_folder:
        inode = each.real.lstat().st_ino
        size = 0 if inode in seen else size
        seen.add(inode)
    for inner in names(each.real) if each.is_folder else ():
        below = entry(call.node.files, f"{each.path}/{inner}")
        inside = posixpath.join(name, inner)
        size += _measure(call, inside, below, options, depth=depth + 1, seen=seen)
    if depth <= deepest and (each.is_folder or options.has("a") or depth == 0):
        call.out(f"{_amount(size, options)}\t{name}\n")
    return size


def _amount(size: int, options: Options) -> str:
    if options.has("h"):
        return human(size)
    unit = 1 if options.has("b") else MB if options.has("m") else 1024
    return str(units(size, unit))
