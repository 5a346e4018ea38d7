"""Builtins about the flow of a script: exit, return, break, eval, source, exec, wait, trap."""

from __future__ import annotations

import posixpath
import re
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

import simpy

from fakesites.shell.builtins_table import Builtin
from fakesites.shell.builtins_table import Work
from fakesites.shell.channels import Channels
from fakesites.shell.leaving import Break
from fakesites.shell.leaving import Continue
from fakesites.shell.leaving import Leave
from fakesites.shell.leaving import Return
from fakesites.shell.parser import parse
from fakesites.shell.syntax import Refused
from fakesites.shell.syntax import SyntaxProblem
from fakesites.shell.traps import CONDITIONS
from fakesites.shell.traps import condition_of
from fakesites.tools import signal_of

if TYPE_CHECKING:
    from fakesites.shell.evaluator import Shell

SOURCING_LIMIT = 20


def _exit(shell: Shell, argv: tuple[str, ...], channels: Channels) -> int:
    leave = Return if argv[0] == "return" else Leave
    if leave is Return and not shell.calls and not shell.sources:
        told = "can only `return' from a function or sourced script"
        shell.complain(channels, f"return: {told}")
        return 2
    if len(argv) == 1:
        raise leave(shell.status)
    if not re.fullmatch(r"-?[0-9]+", argv[1]):
        shell.complain(channels, f"{argv[0]}: {argv[1]}: numeric argument required")
        raise leave(2)
    raise leave(int(argv[1]) & 0xFF)


def _jump(shell: Shell, argv: tuple[str, ...], channels: Channels) -> int:
    levels = int(argv[1]) if len(argv) > 1 and argv[1].isdigit() else 1
    if not shell.loops:
        told = "only meaningful in a `for', `while', or `until' loop"
        shell.complain(channels, f"{argv[0]}: {told}")
        return 0
    raise (Break if argv[0] == "break" else Continue)(min(max(levels, 1), shell.loops))


def _exec(shell: Shell, argv: tuple[str, ...], channels: Channels) -> Work:
    words = argv[1:]
    while words[:1] in (("-c",), ("-l",), ("--",)):
        words = words[1:]
    if words[:1] == ("-a",):
        words = words[2:]
    if not words:
        return 0
    step = shell.execute(words, channels, [], tail=True)
    raise Leave(step if isinstance(step, int) else (yield from step))


def _eval(shell: Shell, argv: tuple[str, ...], channels: Channels) -> Work:
    try:
        return (yield from shell.run(parse(" ".join(argv[1:])), channels))
    except SyntaxProblem as problem:
        shell.complain(channels, f"eval: {problem}")
        return 1


def _source(shell: Shell, argv: tuple[str, ...], channels: Channels) -> Work:
    if len(argv) == 1:
        shell.complain(channels, f"{argv[0]}: filename argument required")
        return 2
    if len(shell.sources) >= SOURCING_LIMIT:
        shell.complain(channels, f"{argv[1]}: maximum source nesting level exceeded")
        return 1
    try:
        data = shell.node.read(_found(shell, argv[1]))
    except OSError as error:
        shell.complain(channels, f"{argv[1]}: {error.strerror}")
        return 1
    return (yield from _sourced(shell, argv, data.decode("utf-8", "surrogateescape"), channels))


def _found(shell: Shell, name: str) -> str:
    """Return the path of what is to be sourced: a name without a slash is looked for in PATH."""
    here = posixpath.normpath(posixpath.join(shell.cwd, name))
    if "/" in name:
        return here
    for folder in (shell.lookup("PATH") or "").split(":"):
        path = posixpath.join(folder or shell.cwd, name)
        try:
            if shell.node.files.real(path).is_file():
                return path
        except OSError:
            continue
    return here


def _sourced(shell: Shell, argv: tuple[str, ...], text: str, channels: Channels) -> Work:
    kept = shell.arguments
    shell.arguments = argv[2:] or kept
    shell.sources.append(argv[1])
    try:
        return (yield from shell.run(parse(text), channels))
    except SyntaxProblem as problem:
        shell.complain(channels, f"{argv[1]}: {problem}")
        return 1
    except Return as end:
        return end.status
    finally:
        shell.sources.pop()
        shell.arguments = kept if argv[2:] else shell.arguments


def _wait(shell: Shell, argv: tuple[str, ...], channels: Channels) -> Work:
    if any(word.startswith("%") for word in argv[1:]):
        raise Refused("wait")
    if "-n" in argv:
        return (yield from _wait_for_one(shell))
    status = 0
    for pid in [int(word) for word in argv[1:] if word.isdigit()] or sorted(shell.jobs):
        done = shell.jobs.pop(pid, None)
        if done is None:
            shell.complain(channels, f"wait: pid {pid} is not a child of this shell")
            status = 127
            continue
        try:
            end = done.value if done.processed else (yield done)
        except simpy.Interrupt as interrupt:
            # A trapped signal ends the wait, and the job is still there to be waited for.
            if not shell.traps.takes(signal_of(interrupt)):
                raise
            shell.jobs[pid] = done
            return 128 + signal_of(interrupt)
        status = _collected(shell, pid, end)
    return status


def _wait_for_one(shell: Shell) -> Work:
    """Wait for whatever job ends next."""
    if not shell.jobs:
        return 127
    jobs = {pid: shell.jobs[pid] for pid in sorted(shell.jobs)}
    if not any(each.processed for each in jobs.values()):
        yield reduce(or_, jobs.values())
    pid = next(pid for pid, each in jobs.items() if each.processed or each.triggered)
    return _collected(shell, pid, shell.jobs.pop(pid).value)


def _collected(shell: Shell, pid: int, end: object) -> int:
    assert isinstance(end, tuple), "a job ends with a code and a signal"
    code, signal = end
    shell.node.processes.collect(pid)
    return 128 + int(signal) if signal else int(code)


def _trap(shell: Shell, argv: tuple[str, ...], channels: Channels) -> int:
    words = [word for word in argv[1:] if word != "--"]
    texts = shell.traps.texts
    if not words or words == ["-p"]:
        for each in sorted(texts):
            shown = each if each in CONDITIONS else f"SIG{each}"
            channels.out(f"trap -- '{texts[each]}' {shown}\n")
        return 0
    if words[:1] == ["-l"]:
        raise Refused("trap -l")
    lone = len(words) == 1 or words[0].isdigit()
    text, names = ("-", words) if lone else (words[0], words[1:])
    status = 0
    for word in names:
        name = condition_of(word)
        if name is None:
            if word.upper() in ("DEBUG", "RETURN"):
                raise Refused(f"trap {word}")
            shell.complain(channels, f"trap: {word}: invalid signal specification")
            status = 1
        elif text == "-":
            texts.pop(name, None)
        else:
            texts[name] = text
    return status


FLOW: dict[str, Builtin] = {
    ".": _source,
    "break": _jump,
    "continue": _jump,
    "eval": _eval,
    "exec": _exec,
    "exit": _exit,
    "return": _exit,
    "source": _source,
    "trap": _trap,
    "wait": _wait,
}
