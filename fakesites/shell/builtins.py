"""The commands that the shell runs by itself; those about variables and about flow lie beside."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING
from typing import Any
from typing import Generator

import simpy

from fakesites.shell.builtins_flow import FLOW
from fakesites.shell.builtins_table import Builtin
from fakesites.shell.builtins_table import Instant
from fakesites.shell.builtins_variables import VARIABLES
from fakesites.shell.channels import Channels
from fakesites.shell.syntax import Refused
from fakesites.tools import TOOLS
from fakesites.tools import NotSpoken
from fakesites.tools import UsageError

if TYPE_CHECKING:
    from fakesites.shell.evaluator import Shell

Work = Generator[simpy.Event, Any, int]

# Tools that the shell has built in: no process, no line in the journal.
OWN_TOOLS = ("[", "echo", "false", "kill", "pwd", "test", "true")
REFUSED = ("bg", "bind", "caller", "compgen", "complete", "dirs", "enable", "fc", "fg", "suspend")
NOTHING = (":", "alias", "disown", "hash", "history", "jobs", "times", "ulimit", "umask", "unalias")
SHOWN = {"umask": "0022\n", "ulimit": "unlimited\n", "times": "0m0.000s 0m0.000s\n" * 2}
KEYWORDS = frozenset(
    {"!", "[[", "]]", "case", "do", "done", "elif", "else", "esac", "fi", "for", "function", "if"}
) | {"in", "then", "time", "until", "while", "{", "}"}


def own_tool(shell: Shell, argv: tuple[str, ...], channels: Channels) -> int:
    """Run a tool in the shell's own process."""
    try:
        result = TOOLS[argv[0]](shell.builtin_call(argv, channels))
    except NotSpoken as refusal:
        raise Refused(f"{argv[0]} {refusal}") from None
    except UsageError as error:
        shell.complain(channels, f"{argv[0]}: {error}")
        return error.code
    except OSError as error:  # what it wrote did not fit on the disk
        shell.complain(channels, f"{argv[0]}: write error: {error.strerror}")
        return 1
    assert isinstance(result, int), f"{argv[0]} takes time, and is no tool of the shell's own"
    return result


def _refuse(_shell: Shell, argv: tuple[str, ...], _channels: Channels) -> int:
    raise Refused(argv[0])


def _nothing(_shell: Shell, argv: tuple[str, ...], channels: Channels) -> int:
    if len(argv) == 1:
        channels.out(SHOWN.get(argv[0], ""))
    return 0


def _printf(shell: Shell, argv: tuple[str, ...], channels: Channels) -> int:
    if argv[1:2] != ("-v",) or len(argv) < 4:
        return own_tool(shell, argv, channels)
    written: list[str] = []
    inner = Channels(written.append, channels.err, channels.stdin)
    status = own_tool(shell, ("printf", *argv[3:]), inner)
    shell.assign(argv[2], "".join(written))
    return status


def _shopt(_shell: Shell, argv: tuple[str, ...], _channels: Channels) -> int:
    """Set options of bash: those that change what a word means are not modelled."""
    known = ("expand_aliases", "extglob", "nullglob", "globstar", "dotglob", "inherit_errexit")
    if "-s" in argv and any(name in ("nullglob", "globstar", "dotglob") for name in argv):
        raise Refused(f"shopt {' '.join(name for name in argv if name in known)}")
    return 0


# -- folders


def _cd(shell: Shell, argv: tuple[str, ...], channels: Channels) -> int:
    words = [word for word in argv[1:] if word not in ("-P", "-L", "--")]
    target = words[0] if words else shell.lookup("HOME") or "/srv"
    if target == "-":
        target = shell.lookup("OLDPWD") or shell.cwd
        channels.out(f"{target}\n")
    path = posixpath.normpath(posixpath.join(shell.cwd, target))
    problem = _no_folder(shell, path)
    if problem:
        shell.complain(channels, f"cd: {target}: {problem}")
        return 1
    shell.assign("OLDPWD", shell.cwd)
    shell.export("PWD", path)
    shell.cwd = path
    return 0


def _no_folder(shell: Shell, path: str) -> str:
    """Return why *path* is no folder to be in, or nothing if it is one."""
    if path == "/":
        return ""
    try:
        real = shell.node.files.real(path)
    except OSError:
        return "No such file or directory"
    if real.is_dir():
        return ""
    return "Not a directory" if real.exists() else "No such file or directory"


def _pushd(shell: Shell, argv: tuple[str, ...], channels: Channels) -> int:
    stack = shell.variables.array("DIRSTACK")
    if argv[0] == "popd":
        if not stack:
            shell.complain(channels, "popd: directory stack empty")
            return 1
        status = _cd(shell, ("cd", stack.pop(str(len(stack) - 1))), channels)
    else:
        before = shell.cwd
        status = _cd(shell, ("cd", *argv[1:2]), channels)
        if not status:
            stack[str(len(stack))] = before
    if not status:
        channels.out(" ".join([shell.cwd, *reversed(list(stack.values()))]) + "\n")
    return status


# -- names


def _type(shell: Shell, argv: tuple[str, ...], channels: Channels) -> int:
    status = 0
    short = "".join(word[1:] for word in argv[1:] if word.startswith("-"))
    for name in (word for word in argv[1:] if not word.startswith("-")):
        kind, found = where(shell, name)
        if not kind:
            status = 1
            if not short:
                shell.complain(channels, f"type: {name}: not found")
        elif "t" in short:
            channels.out(f"{kind}\n")
        elif set("pP") & set(short):
            channels.out(f"{found}\n" if kind == "file" else "")
        else:
            channels.out(f"{name} is {_described(kind, found)}\n")
    return status


def _described(kind: str, path: str) -> str:
    told = {"builtin": "a shell builtin", "function": "a function", "keyword": "a shell keyword"}
    return told.get(kind, path)


def where(shell: Shell, name: str) -> tuple[str, str]:
    """Return what kind of command *name* is (nothing if none), and its name or path."""
    if name in KEYWORDS:
        return "keyword", name
    if name in shell.functions:
        return "function", name
    if name in TABLE:
        return "builtin", name
    try:
        program = shell.node.program(name, path=shell.lookup("PATH"), cwd=shell.cwd)
    except OSError:
        return "", ""
    return "file", program.path


def _command(shell: Shell, argv: tuple[str, ...], channels: Channels) -> int | Work:
    words = argv[2:] if argv[1:2] in (("-p",), ("--",)) else argv[1:]
    if words[:1] in (("-v",), ("-V",)):
        found = [place for name in words[1:] if (place := where(shell, name)[1])]
        channels.out("".join(f"{place}\n" for place in found))
        return 0 if found else 1
    if not words:
        return 0
    builtin = TABLE.get(words[0])
    return (
        shell.execute(words, channels, []) if builtin is None else builtin(shell, words, channels)
    )


def _builtin(shell: Shell, argv: tuple[str, ...], channels: Channels) -> int | Work:
    builtin = TABLE.get(argv[1]) if len(argv) > 1 else None
    if builtin is None:
        if len(argv) > 1:
            shell.complain(channels, f"builtin: {argv[1]}: not a shell builtin")
        return int(len(argv) > 1)
    return builtin(shell, argv[1:], channels)


OTHERS: dict[str, Instant] = {
    **dict.fromkeys(OWN_TOOLS, own_tool),
    **dict.fromkeys(REFUSED, _refuse),
    **dict.fromkeys(NOTHING, _nothing),
    "cd": _cd,
    "popd": _pushd,
    "printf": _printf,
    "pushd": _pushd,
    "shopt": _shopt,
    "type": _type,
}
TABLE: dict[str, Builtin] = {
    **OTHERS,
    **VARIABLES,
    **FLOW,
    "builtin": _builtin,
    "command": _command,
}
