"""mv: moves files within a node; the mv copytool of pilots stages out with it.

Models one source or many, a folder as target, -f, -n and -v, and the words of GNU coreutils. A
file moved is a transfer in the journal, which takes no time: all of a node's files are on one
disk. (cp and ln are with the other everyday tools, fakesites.tools.copies.) Not modelled: -t,
backups, moves between disks. Read from coreutils 9: src/mv.c, src/copy.c.
"""

from __future__ import annotations

import errno
import os
import posixpath
from pathlib import Path

from fakesites.tools import ToolCall
from fakesites.tools import UsageError
from fakesites.tools import tool
from fakesites.tools._options import Grammar
from fakesites.transfers import TransferLog

MV = Grammar(
    flags="finuvT", long=(("force", "f"), ("no-clobber", "n"), ("verbose", "v"), ("update", "u"))
)


@tool("mv")
def mv(call: ToolCall) -> int:
    """Move files; exit code 0, or 1 if one could not be moved."""
    options = MV.read(call.argv)
    if len(options.words) < 2:
        given = f" after '{options.words[0]}'" if options.words else ""
        raise UsageError(f"missing {'destination ' if given else ''}file operand{given}")
    *sources, target = options.words
    folder = is_folder(call, target)
    if len(sources) > 1 and not folder:
        raise UsageError(f"target '{target}' is not a directory")
    code = 0
    for source in sources:
        name = posixpath.basename(source.rstrip("/"))
        path = posixpath.join(target, name) if folder else target
        if options.has("n") and here(call, path).exists():
            continue
        problem = move(call, source, path)
        if problem:
            call.err(f"mv: {problem}\n")
            code = 1
        elif options.has("v"):
            call.out(f"renamed '{source}' -> '{path}'\n")
    return code


def is_folder(call: ToolCall, name: str) -> bool:
    """Tell whether *name* is a folder of the node."""
    try:
        return call.real(name).is_dir()
    except OSError:
        return False


def here(call: ToolCall, name: str) -> Path:
    """Return where *name* itself lives, even if it is a link. Raises OutsideError."""
    return call.node.files.real(call.path(name), follow=False)


def move(call: ToolCall, source: str, target: str) -> str:
    """Move one file, journal it, and return what mv says of the trouble, "" if there is none."""
    log = TransferLog(call, "mv", call.path(source), call.path(target))
    try:
        origin = here(call, source)
        size = origin.lstat().st_size if origin.is_file() else 0
    except OSError:
        size, origin = 0, None
    log.begin(size if origin is not None else None)
    problem = _rename(call, origin, source, target)
    if not problem:
        log.moved(size)
    log.end(1 if problem else 0, why=problem)
    return problem


def _rename(call: ToolCall, origin: Path | None, source: str, target: str) -> str:
    if origin is None or not os.path.lexists(origin):
        return f"cannot stat '{source}': No such file or directory"
    try:
        if call.node.files.read_only:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        origin.replace(here(call, target))
    except OSError as error:
        return f"cannot move '{source}' to '{target}': {error.strerror}"
    return ""
