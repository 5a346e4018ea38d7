"""cp, ln, rm, mkdir, rmdir, touch and chmod. mv, which pilots use as a copy tool, is elsewhere."""

from __future__ import annotations

import os
import posixpath
import re
import stat

from fakesites.tools import ToolCall
from fakesites.tools import UsageError
from fakesites.tools import tool
from fakesites.tools._entries import entry
from fakesites.tools._entries import names
from fakesites.tools._options import Grammar
from fakesites.tools._options import Options

CP = Grammar(flags="RradfinpvLPu", long=(("force", "f"), ("recursive", "R"), ("verbose", "v")))
LN = Grammar(flags="sfnvT", long=(("force", "f"), ("symbolic", "s")))
RM = Grammar(flags="rRfvid", long=(("force", "f"), ("recursive", "r")))
MKDIR = Grammar(flags="pv", values="m", long=(("mode=", "m"), ("parents", "p")))
TOUCH = Grammar(flags="acm", values="drt", long=(("date=", "d"), ("reference=", "r")))
CHMOD = Grammar(flags="Rvf", long=(("recursive", "R"),))
SYMBOLIC = re.compile(r"([ugoa]*)([-+=])([rwxXst]*)")
SHIFTS = {"u": 6, "g": 3, "o": 0}


def _last_target(call: ToolCall, words: tuple[str, ...]) -> tuple[tuple[str, ...], str, bool]:
    """Return the sources, the target, and whether that is a folder."""
    if not words:
        raise UsageError("missing file operand")
    if len(words) == 1:
        raise UsageError(f"missing destination file operand after '{words[0]}'")
    *sources, target = words
    folder = _is_folder(call, target)
    if len(sources) > 1 and not folder:
        raise UsageError(f"target '{target}': No such file or directory")
    return tuple(sources), target, folder


def _is_folder(call: ToolCall, name: str) -> bool:
    try:
        return call.real(name).is_dir()
    except OSError:
        return False


@tool("cp")
def cp(call: ToolCall) -> int:
    """Copy files, and with -r folders; holes stay holes."""
    options = CP.read(call.argv)
    sources, target, folder = _last_target(call, options.words)
    status = 0
    for source in sources:
        base = posixpath.basename(source.rstrip("/"))
        place = posixpath.join(target, base) if folder else target
        status = _copy(call, source, place, options) or status
    return status


def _copy(call: ToolCall, source: str, target: str, options: Options) -> int:
    files = call.node.files
    try:
        real = call.real(source)
        if not real.exists():
            raise FileNotFoundError(2, os.strerror(2), source)
    except OSError:
        call.err(f"cp: cannot stat '{source}': No such file or directory\n")
        return 1
    if real.is_dir():
        return _copy_folder(call, source, target, options)
    try:
        files.copy(call.path(source), call.path(target))
    except OSError as error:
        call.err(f"cp: cannot create regular file '{target}': {error.strerror}\n")
        return 1
    if options.has("p", "a"):
        files.stamp_at(call.path(target), real.stat().st_mtime)
    call.out(f"'{source}' -> '{target}'\n" if options.has("v") else "")
    return 0


def _copy_folder(call: ToolCall, source: str, target: str, options: Options) -> int:
    if not options.has("R", "r", "a"):
        call.err(f"cp: -r not specified; omitting directory '{source}'\n")
        return 1
    call.node.files.make_folder(call.path(target))
    status = 0
    for name in names(call.real(source)):
        inner = _copy(call, posixpath.join(source, name), posixpath.join(target, name), options)
        status = inner or status
    return status


@tool("ln")
def ln(call: ToolCall) -> int:
    """Make links: hard ones, or with -s symbolic ones."""
    options = LN.read(call.argv)
    words = options.words
    if len(words) == 1:
        words = (words[0], posixpath.basename(words[0]))
    sources, target, folder = _last_target(call, words)
    status = 0
    for source in sources:
        base = posixpath.basename(source.rstrip("/"))
        place = posixpath.join(target, base) if folder else target
        status = _link(call, source, place, options) or status
    return status


def _link(call: ToolCall, source: str, target: str, options: Options) -> int:
    kind = "symbolic" if options.has("s") else "hard"
    try:
        real = call.node.files.real(call.path(target), follow=False)
        call.node.files.weigh(0)
        if options.has("f") and os.path.lexists(real):
            real.unlink()
        if options.has("s"):
            real.symlink_to(_link_text(call, source, target))
        else:
            real.hardlink_to(call.real(source))
        call.node.files.stamp_folder(call.path(target))
    except OSError as error:
        call.err(f"ln: failed to create {kind} link '{target}': {error.strerror}\n")
        return 1
    return 0


def _link_text(call: ToolCall, source: str, target: str) -> str:
    """Return what the link shall hold.

    An absolute path of the guest's would lead the host astray, so it becomes a relative one.
    """
    if not source.startswith("/srv/"):
        return source
    return posixpath.relpath(call.path(source), posixpath.dirname(call.path(target)))


@tool("rm")
def rm(call: ToolCall) -> int:
    """Remove files, and with -r folders."""
    options = RM.read(call.argv)
    if not options.words and not options.has("f"):
        raise UsageError("missing operand")
    status = 0
    for name in options.words:
        problem = _remove(call, name, options)
        if problem:
            call.err(f"rm: cannot remove '{name}': {problem}\n")
            status = 1
    return status


def _remove(call: ToolCall, name: str, options: Options) -> str:
    try:
        real = call.node.files.real(call.path(name), follow=False)
        if real.is_dir() and not real.is_symlink():
            if not options.has("r", "R"):
                return "Is a directory"
            call.node.files.remove_tree(call.path(name))
        else:
            call.node.files.remove(call.path(name))
    except FileNotFoundError as error:
        return "" if options.has("f") else str(error.strerror)
    except OSError as error:
        return str(error.strerror)
    call.out(f"removed '{name}'\n" if options.has("v") else "")
    return ""


@tool("mkdir", "rmdir")
def mkdir(call: ToolCall) -> int:
    """Make folders, or remove empty ones."""
    options = MKDIR.read(call.argv)
    removes = posixpath.basename(call.argv[0]) == "rmdir"
    if not options.words:
        raise UsageError("missing operand")
    status = 0
    for name in options.words:
        try:
            if removes:
                _remove_folder(call, name)
            else:
                _make(call, name, options)
        except OSError as error:
            text = f"failed to remove '{name}'" if removes else f"cannot create directory ‘{name}’"
            call.err(f"{call.argv[0]}: {text}: {error.strerror}\n")
            status = 1
    return status


def _remove_folder(call: ToolCall, name: str) -> None:
    if not call.real(name).is_dir():
        raise NotADirectoryError(20, os.strerror(20), name)
    call.node.files.remove(call.path(name))


def _make(call: ToolCall, name: str, options: Options) -> None:
    real = call.real(name)
    if not options.has("p") and real.exists():
        raise FileExistsError(17, os.strerror(17), name)
    if not options.has("p") and not real.parent.is_dir():
        raise FileNotFoundError(2, os.strerror(2), name)
    call.node.files.make_folder(call.path(name))
    if options.has("m"):
        real.chmod(int(options.get("m"), 8))


@tool("touch")
def touch(call: ToolCall) -> int:
    """Set modification times to now, or to another file's; make files that are missing."""
    options = TOUCH.read(call.argv)
    if not options.words:
        raise UsageError("missing file operand")
    if options.has("d", "t"):
        raise UsageError("a date is not modelled")
    call.node.settle()
    status = 0
    for name in options.words:
        try:
            if options.has("c") and not call.real(name).exists():
                continue
            call.node.files.touch(call.path(name))
            if options.has("r"):
                other = entry(call.node.files, call.path(options.get("r")), follow=True)
                call.node.files.stamp_at(call.path(name), other.mtime)
        except OSError as error:
            call.err(f"touch: cannot touch '{name}': {error.strerror}\n")
            status = 1
    return status


@tool("chmod")
def chmod(call: ToolCall) -> int:
    """Change the modes of files."""
    # A mode may begin with a dash (chmod -x f), which is no option then.
    given = [word for word in call.argv[1:] if word in ("-R", "-v", "-f", "--recursive")]
    words = [word for word in call.argv[1:] if word not in given]
    options = CHMOD.read((call.argv[0], *given))
    if len(words) < 2:
        raise UsageError("missing operand")
    status = 0
    for name in words[1:]:
        try:
            _change(call, words[0], name, recursive=options.has("R"))
        except OSError as error:
            call.err(f"chmod: cannot access '{name}': {error.strerror}\n")
            status = 1
    return status


def _change(call: ToolCall, text: str, name: str, *, recursive: bool) -> None:
    real = call.real(name)
    mode = changed_mode(text, real.stat().st_mode)
    for inner in names(real) if recursive and real.is_dir() else ():
        _change(call, text, posixpath.join(name, inner), recursive=True)
    call.node.files.weigh(0)
    real.chmod(mode)


def changed_mode(text: str, mode: int) -> int:
    """Return what the mode *text* ("755", "u+x,go-w") makes of *mode*."""
    if re.fullmatch(r"[0-7]{1,4}", text):
        return int(text, 8)
    folder = stat.S_ISDIR(mode)
    bits = stat.S_IMODE(mode)
    for piece in text.split(","):
        found = SYMBOLIC.fullmatch(piece)
        if found is None:
            raise UsageError(f"invalid mode: ‘{text}’")
        letters = found[3].replace("X", "x" if folder or bits & 0o111 else "")
        value = sum({"r": 4, "w": 2, "x": 1}.get(letter, 0) for letter in letters)
        for who in found[1].replace("a", "ugo") or "ugo":
            mask = value << SHIFTS[who]
            if found[2] == "=":
                bits &= ~(7 << SHIFTS[who])
            bits = bits & ~mask if found[2] == "-" else bits | mask
    return bits
