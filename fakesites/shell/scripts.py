"""How a shell is started: with a line, with a file, or as the interpreter of a script."""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import Generator

import simpy

from fakesites.events import SHELL_REFUSED
from fakesites.shell.channels import Channels
from fakesites.shell.evaluator import Shell
from fakesites.shell.parser import parse
from fakesites.shell.special import LETTERS
from fakesites.shell.special import LONG
from fakesites.shell.syntax import Refused
from fakesites.shell.syntax import SyntaxProblem

Work = Generator[simpy.Event, Any, int]

SHELLS = frozenset({"bash", "sh"})
INTERPRETERS = frozenset({"/bin/sh", "/bin/bash", "/usr/bin/sh", "/usr/bin/bash"})
HEAD_LIMIT = 256
LINE_LIMIT = 500
USAGE = 2
NOT_FOUND = 127
NOT_EXECUTABLE = 126


def shell_work(shell: Shell, kind: str, path: str) -> Work:
    """Run the program of a shell's process: a *shell* with its options, or a script at *path*."""
    call = shell.call
    channels = Channels(call.out, call.err, call.stdin)
    if kind == "script":
        shell.name, shell.arguments = call.argv[0], call.argv[1:]
        return (yield from _script_work(shell, path, channels))
    return (yield from _command_work(shell, channels))


def _command_work(shell: Shell, channels: Channels) -> Work:
    words = list(shell.call.argv[1:])
    is_line = _take_options(shell, words)
    if is_line:
        return (yield from _line_work(shell, words, channels))
    if not words:
        return (yield from run_text(shell, shell.call.stdin, channels, place="line 1"))
    path = shell.call.path(words[0])
    shell.arguments = tuple(words[1:])
    shell.name = words[0]
    try:
        text = shell.call.read(path).decode("utf-8", "surrogateescape")
    except OSError as error:
        channels.err(f"{shell.call.argv[0]}: {words[0]}: {error.strerror}\n")
        return NOT_FOUND
    return (yield from run_text(shell, text, channels, place="line 1"))


def _take_options(shell: Shell, words: list[str]) -> bool:
    """Take the options off *words*; tell whether one of them says that a line follows."""
    is_line = False
    while words and words[0][:1] in ("-", "+") and len(words[0]) > 1:
        word = words.pop(0)
        if word == "--":
            break
        if word.startswith("--"):
            continue
        is_line = is_line or "c" in word
        if "o" in word and words:
            shell.options.add(LONG.get(words[0], words.pop(0)))
        given = set(word[1:]) & set(LETTERS)
        shell.options = shell.options | given if word[0] == "-" else shell.options - given
    return is_line


def _line_work(shell: Shell, words: list[str], channels: Channels) -> Work:
    if not words:
        channels.err(f"{shell.name}: -c: option requires an argument\n")
        return USAGE
    if len(words) > 1:
        shell.name, shell.arguments = words[1], tuple(words[2:])
    shell.is_line = True
    return (yield from run_text(shell, words[0], channels, place="-c: line 1", tail=True))


def _script_work(shell: Shell, path: str, channels: Channels) -> Work:
    data = shell.call.read(path)
    if b"\0" in data[:HEAD_LIMIT]:
        channels.err(f"/bin/bash: {shell.name}: cannot execute binary file: Exec format error\n")
        return NOT_EXECUTABLE
    text = data.decode("utf-8", "surrogateescape")
    head = text.partition("\n")[0]
    interpreter = head[2:].strip() if head.startswith("#!") else "/bin/sh"
    if not _is_shell(interpreter):
        shell.node.journal.emit(
            SHELL_REFUSED, who=shell.node.name, line=head, why="another interpreter than a shell"
        )
        channels.err(f"/bin/bash: {shell.name}: {interpreter}: bad interpreter: not on this node\n")
        return NOT_EXECUTABLE
    if head.startswith("#!"):
        _take_options(shell, interpreter.split()[1:])
    return (yield from run_text(shell, text, channels, place="line 1"))


def _is_shell(interpreter: str) -> bool:
    words = [word for word in interpreter.split() if not word.startswith("-")]
    if words[:1] == ["/usr/bin/env"]:
        return words[1:] in (["sh"], ["bash"])
    return len(words) == 1 and words[0] in INTERPRETERS


def run_text(
    shell: Shell, text: str, channels: Channels, *, place: str, tail: bool = False
) -> Work:
    """Parse *text* and run it as all that the shell does."""
    return (
        yield from parsed_work(
            shell, text, channels, lambda work: shell.contained(work, channels), place, tail=tail
        )
    )


def parsed_work(
    shell: Shell,
    text: str,
    channels: Channels,
    within: Callable[[Work], Work],
    place: str = "line 1",
    *,
    tail: bool = False,
) -> Work:
    """Parse *text* and run it; say what is wrong with it, or refuse it, with status 2."""
    try:
        return (yield from within(shell.run(parse(text), channels, tail=tail)))
    except SyntaxProblem as problem:
        channels.err(f"{shell.name}: {place}: {problem}\n")
        if problem.args[0].startswith("syntax error near"):
            channels.err(f"{shell.name}: {place}: `{text}'\n")
    except Refused as refused:
        line = text[:LINE_LIMIT]
        shell.node.journal.emit(SHELL_REFUSED, who=shell.node.name, line=line, why=str(refused))
        channels.err(f"{shell.name}: {place}: {refused}: not spoken by the shell of this node\n")
    return USAGE
