"""The commands that the shell runs by itself."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING
from typing import Any
from typing import Callable
from typing import Generator

import simpy

from fakesites.shell.channels import Channels
from fakesites.shell.parser import parse
from fakesites.shell.syntax import Refused
from fakesites.tools import TOOLS
from fakesites.tools import NotSpoken
from fakesites.tools import UsageError

if TYPE_CHECKING:
    from fakesites.shell.evaluator import Shell

Work = Generator[simpy.Event, Any, int]
Builtin = Callable[["Shell", "tuple[str, ...]", Channels], int | Work]
Instant = Callable[["Shell", "tuple[str, ...]", Channels], int]

TABLE: dict[str, Builtin] = {}


class Leave(Exception):
    """The shell ends here, with *status*."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Return(Leave):
    """A sourced file ends here, with *status*; outside of one, the shell does."""


# Tools that the shell has built in: no process, no line in the journal.
OWN_TOOLS = ("[", "echo", "false", "kill", "printf", "pwd", "test", "true")
REFUSED = ("break", "continue", "declare", "getopts", "let", "mapfile", "read", "trap", "typeset")
SOURCING_LIMIT = 20
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def instant(*names: str) -> Callable[[Instant], Instant]:
    """Register a builtin that takes no virtual time."""

    def register(function: Instant) -> Instant:
        TABLE.update(dict.fromkeys(names, function))
        return function

    return register


def _own_tool(shell: Shell, argv: tuple[str, ...], channels: Channels) -> int:
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


instant(*OWN_TOOLS)(_own_tool)


def _refuse(_shell: Shell, argv: tuple[str, ...], _channels: Channels) -> int:
    raise Refused(argv[0])


instant(*REFUSED)(_refuse)


@instant(":", "ulimit", "umask", "unalias", "alias", "shopt", "hash")
def _nothing(_shell: Shell, argv: tuple[str, ...], channels: Channels) -> int:
    shown = {"umask": "0022\n", "ulimit": "unlimited\n"}
    if len(argv) == 1:
        channels.out(shown.get(argv[0], ""))
    return 0


@instant("cd")
def _cd(shell: Shell, argv: tuple[str, ...], channels: Channels) -> int:
    target = argv[1] if len(argv) > 1 else shell.lookup("HOME") or "/srv"
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


@instant("export", "local", "readonly")
def _export(shell: Shell, argv: tuple[str, ...], channels: Channels) -> int:
    status = 0
    for word in argv[1:]:
        name, equals, value = word.partition("=")
        if word.startswith("-"):
            continue
        if not NAME.fullmatch(name):
            shell.complain(channels, f"{argv[0]}: `{word}': not a valid identifier")
            status = 1
        elif argv[0] == "export":
            shell.export(name, value if equals else None)
        elif equals:
            shell.assign(name, value)
    if argv in (("export",), ("export", "-p")):
        for name in sorted(shell.env):
            channels.out(f'declare -x {name}="{shell.env[name]}"\n')
    return status


@instant("unset")
def _unset(shell: Shell, argv: tuple[str, ...], _channels: Channels) -> int:
    for name in argv[1:]:
        shell.env.pop(name, None)
        shell.local.pop(name, None)
    return 0


@instant("set")
def _set(shell: Shell, argv: tuple[str, ...], _channels: Channels) -> int:
    words = list(argv[1:])
    while words and words[0][:1] in "-+" and words[0] not in ("--", "-", "+"):
        word = words.pop(0)
        names = {words.pop(0)} if word[1:] == "o" and words else set(word[1:])
        names = {"e" if name == "errexit" else name for name in names}
        shell.options = shell.options | names if word[0] == "-" else shell.options - names
    if words:
        shell.arguments = tuple(words[1:] if words[0] == "--" else words)
    return 0


@instant("shift")
def _shift(shell: Shell, argv: tuple[str, ...], _channels: Channels) -> int:
    count = int(argv[1]) if len(argv) > 1 else 1
    if count > len(shell.arguments):
        return 1
    shell.arguments = shell.arguments[count:]
    return 0


@instant("exit", "return")
def _exit(shell: Shell, argv: tuple[str, ...], channels: Channels) -> int:
    leave = Return if argv[0] == "return" else Leave
    if len(argv) == 1:
        raise leave(shell.status)
    if not re.fullmatch(r"-?[0-9]+", argv[1]):
        shell.complain(channels, f"{argv[0]}: {argv[1]}: numeric argument required")
        raise leave(2)
    raise leave(int(argv[1]) & 0xFF)


@instant("type")
def _type(shell: Shell, argv: tuple[str, ...], channels: Channels) -> int:
    status = 0
    for name in argv[1:]:
        found = where(shell, name)
        if found is None:
            shell.complain(channels, f"type: {name}: not found")
            status = 1
        else:
            text = "a shell builtin" if found == name else found
            channels.out(f"{name} is {text}\n")
    return status


def where(shell: Shell, name: str) -> str | None:
    """Return what *name* would run: itself if built in, a path, or None."""
    if name in TABLE:
        return name
    try:
        return shell.node.program(name, path=shell.lookup("PATH"), cwd=shell.cwd).path
    except OSError:
        return None


def _command(shell: Shell, argv: tuple[str, ...], channels: Channels) -> int | Work:
    if len(argv) > 1 and argv[1] in ("-v", "-V"):
        found = [place for name in argv[2:] if (place := where(shell, name)) is not None]
        channels.out("".join(f"{place}\n" for place in found))
        return 0 if found else 1
    if len(argv) == 1:
        return 0
    return _plain(shell, argv[1:], channels)


def _plain(shell: Shell, argv: tuple[str, ...], channels: Channels) -> int | Work:
    builtin = TABLE.get(argv[0])
    if builtin is not None:
        return builtin(shell, argv, channels)
    return shell.execute(argv, channels, [])


def _exec(shell: Shell, argv: tuple[str, ...], channels: Channels) -> Work:
    step = shell.execute(argv[1:], channels, [], tail=True)
    raise Leave(step if isinstance(step, int) else (yield from step))


def _eval(shell: Shell, argv: tuple[str, ...], channels: Channels) -> Work:
    return (yield from shell.run(parse(" ".join(argv[1:])), channels))


def _source(shell: Shell, argv: tuple[str, ...], channels: Channels) -> Work:
    if len(argv) == 1:
        shell.complain(channels, f"{argv[0]}: filename argument required")
        return 2
    try:
        data = shell.node.read(posixpath.normpath(posixpath.join(shell.cwd, argv[1])))
    except OSError as error:
        shell.complain(channels, f"{argv[1]}: {error.strerror}")
        return 1
    if shell.sourcing >= SOURCING_LIMIT:
        shell.complain(channels, f"{argv[1]}: maximum source nesting level exceeded")
        return 1
    kept = shell.arguments
    shell.arguments = argv[2:] or kept
    shell.sourcing += 1
    try:
        return (yield from shell.run(parse(data.decode("utf-8", "surrogateescape")), channels))
    except Return as end:
        return end.status
    finally:
        shell.arguments = kept
        shell.sourcing -= 1


def _wait(shell: Shell, argv: tuple[str, ...], channels: Channels) -> Work:
    if any(word.startswith(("%", "-")) for word in argv[1:]):
        raise Refused("wait")
    status = 0
    end: tuple[int, int]
    for pid in [int(word) for word in argv[1:] if word.isdigit()] or sorted(shell.jobs):
        done = shell.jobs.pop(pid, None)
        if done is None:
            shell.complain(channels, f"wait: pid {pid} is not a child of this shell")
            status = 127
            continue
        end = done.value if done.processed else (yield done)  # type: ignore[assignment]
        code, signal = end
        shell.node.processes.collect(pid)
        status = 128 + signal if signal else code
    return status


TABLE.update(
    {
        ".": _source,
        "command": _command,
        "eval": _eval,
        "exec": _exec,
        "source": _source,
        "wait": _wait,
    }
)
