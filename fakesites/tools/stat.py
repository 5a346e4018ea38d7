"""stat and readlink."""

from __future__ import annotations

import posixpath
import re
import stat as modes

from fakesites.moments import date_text
from fakesites.tools import ToolCall
from fakesites.tools import UsageError
from fakesites.tools import tool
from fakesites.tools._entries import Entry
from fakesites.tools._entries import entry
from fakesites.tools._options import Grammar

STAT = Grammar(
    flags="Lt", values="c", long=(("dereference", "L"), ("format=", "c"), ("printf=", "printf"))
)
READLINK = Grammar(flags="efmn", long=(("canonicalize", "f"),))
KINDS = {"f": "regular file", "d": "directory", "l": "symbolic link"}
EXACT = "%Y-%m-%d %H:%M:%S.%N +0000"


@tool("stat")
def stat(call: ToolCall) -> int:
    """Write what is known of each file."""
    options = STAT.read(call.argv)
    if not options.words:
        raise UsageError("missing operand")
    call.node.settle()
    failed = False
    for name in options.words:
        try:
            each = entry(call.node.files, call.path(name), follow=options.has("L"))
        except OSError as error:
            missing = isinstance(error, PermissionError)
            reason = "No such file or directory" if missing else error.strerror
            call.err(f"stat: cannot statx '{name}': {reason}\n")
            failed = True
            continue
        if options.has("c", "printf"):
            form = options.get("c") or options.get("printf").replace("\\n", "\n")
            call.out(_formed(call, form, name, each) + ("\n" if options.has("c") else ""))
        else:
            call.out(_described(call, name, each))
    return 1 if failed else 0


def _kind(each: Entry) -> str:
    empty = each.kind == "f" and not each.size
    return "regular empty file" if empty else KINDS.get(each.kind, "weird file")


def _formed(call: ToolCall, form: str, name: str, each: Entry) -> str:
    spec = call.node.spec
    seconds = str(int(each.mtime))
    values = {
        "%": "%",
        "A": modes.filemode(each.mode),
        "B": "512",
        "F": _kind(each),
        "G": spec.group,
        "U": spec.user,
        "X": seconds,
        "Y": seconds,
        "Z": seconds,
        "a": f"{modes.S_IMODE(each.mode):o}",
        "b": str(each.blocks_bytes // 512),
        "f": f"{each.mode:x}",
        "g": str(spec.gid),
        "h": str(each.links),
        "i": str(each.inode),
        "n": name,
        "s": str(each.size),
        "u": str(spec.uid),
        "x": date_text(each.mtime, EXACT),
        "y": date_text(each.mtime, EXACT),
        "z": date_text(each.mtime, EXACT),
    }
    return re.sub(r"%([%A-Za-z])", lambda found: values.get(found[1], "?"), form)


def _described(call: ToolCall, name: str, each: Entry) -> str:
    spec = call.node.spec
    when = date_text(each.mtime, EXACT)
    arrow = f" -> {each.target}" if each.target else ""
    return (
        f"  File: {name}{arrow}\n"
        f"  Size: {each.size:<10}\tBlocks: {each.blocks_bytes // 512:<10} "
        f"IO Block: 4096   {_kind(each)}\n"
        f"Device: 802h/2050d\tInode: {each.inode:<10}  Links: {each.links}\n"
        f"Access: ({modes.S_IMODE(each.mode):04o}/{modes.filemode(each.mode)})  "
        f"Uid: ({spec.uid:>5}/{spec.user:>8})   Gid: ({spec.gid:>5}/{spec.group:>8})\n"
        f"Access: {when}\nModify: {when}\nChange: {when}\n Birth: -\n"
    )


@tool("readlink", "realpath")
def readlink(call: ToolCall) -> int:
    """Write what a link holds, or with -f where a path leads."""
    options = READLINK.read(call.argv)
    if not options.words:
        raise UsageError("missing operand")
    status = 0
    for name in options.words:
        try:
            call.out(f"{_target(call, name, whole=options.has('e', 'f', 'm'))}\n")
        except OSError:
            status = 1
    return status


def _target(call: ToolCall, name: str, *, whole: bool) -> str:
    files = call.node.files
    if whole or posixpath.basename(call.argv[0]) == "realpath":
        return files.guest(call.real(name))
    each = entry(files, call.path(name))
    if each.kind != "l":
        raise OSError(22, "Invalid argument", name)
    return each.target
