"""env, which, timeout, nice and nohup: tools that are about other tools."""

from __future__ import annotations

import posixpath
import signal as signals
from typing import Any
from typing import Callable
from typing import Generator

import simpy

from fakesites.running import Command
from fakesites.running import Running
from fakesites.tools import ToolCall
from fakesites.tools import UsageError
from fakesites.tools import signal_of
from fakesites.tools import tool
from fakesites.tools._options import Grammar
from fakesites.tools._options import Options
from fakesites.tools.date import seconds_of

Work = Generator[simpy.Event, Any, int]

ENV = Grammar(
    flags="i0",
    values="u",
    long=(("ignore-environment", "i"), ("unset=", "u")),
    in_order=True,
    code=125,
)
TIMEOUT = Grammar(
    flags="v",
    values="sk",
    long=(
        ("foreground", "foreground"),
        ("kill-after=", "k"),
        ("preserve-status", "preserve"),
        ("signal=", "s"),
    ),
    in_order=True,
    code=125,
)
NICE = Grammar(values="n", long=(("adjustment=", "n"),), in_order=True, code=125)
WHICH = Grammar(flags="as")
TIMED_OUT = 124
BROKEN = 125


@tool("env")
def env(call: ToolCall) -> Work:
    """Write the environment, or run a command in a changed one."""
    options = ENV.read(call.argv)
    values = {} if options.has("i") else dict(call.env)
    for name in options.values.get("u", ()):
        values.pop(name, None)
    words = list(options.words)
    while words and "=" in words[0]:
        name, _, value = words.pop(0).partition("=")
        values[name] = value
    if not words:
        end = "\0" if options.has("0") else "\n"
        call.out("".join(f"{name}={value}{end}" for name, value in values.items()))
        return 0
    return (yield from replaced(call, tuple(words), values))


def replaced(call: ToolCall, argv: tuple[str, ...], values: dict[str, str]) -> Work:
    """Go on as the program *argv*, in this tool's process, as exec does."""
    node = call.node
    try:
        program = node.program(argv[0], path=values.get("PATH"), cwd=call.cwd)
    except OSError as error:
        code: int = getattr(error, "code", BROKEN)
        call.err(f"{call.argv[0]}: ‘{argv[0]}’: {error.strerror}\n")
        return code
    process = node.processes[call.pid]
    node.processes.set_argv(process, argv)
    inner = ToolCall(
        argv, values, call.cwd, call.stdin, node, call.pid, call.owner, call.out, call.err
    )
    return (yield from node.work(program, inner, process=process))


@tool("timeout")
def timeout(call: ToolCall) -> Work:
    """Run a command, and signal it when its time is up."""
    options = TIMEOUT.read(call.argv)
    if len(options.words) < 2:
        raise UsageError("missing operand", code=BROKEN)
    limit_s, argv = seconds_of(options.words[0]), options.words[1:]
    node = call.node
    try:
        running = node.spawn(
            Command(
                argv,
                call.env,
                cwd=call.cwd,
                stdin=call.stdin,
                ppid=call.pid,
                owner=call.owner,
                on_output=_forwarder(call),
            )
        )
    except OSError as error:
        code: int = getattr(error, "code", BROKEN)
        call.err(f"timeout: failed to run command ‘{argv[0]}’: {error.strerror}\n")
        return code
    try:
        late = yield from _watched(call, running, limit_s, options)
    except simpy.Interrupt as interrupt:  # what is sent to timeout is meant for its command
        node.processes.signal(running.pid, signal_of(interrupt), by=call.owner)
        raise
    node.processes.collect(running.pid)
    end = running.finished
    assert end is not None, "done without an end"
    if late and not options.has("preserve"):
        return 128 + signals.SIGKILL if end.signal == signals.SIGKILL else TIMED_OUT
    return 128 + end.signal if end.signal else end.code


def _watched(
    call: ToolCall, running: Running, limit_s: float, options: Options
) -> Generator[simpy.Event, Any, bool]:
    """Wait for the end, signal what is late, and tell whether it was."""
    clock, table = call.node.clock, call.node.processes
    if running.finished is None and limit_s:
        yield running.done | clock.timeout(limit_s)
    late = running.finished is None and bool(limit_s)
    if late:
        signal = signal_number(options.get("s", "TERM"))
        table.signal(running.pid, signal, by=call.owner)
    if running.finished is None and late and options.has("k"):
        yield running.done | clock.timeout(seconds_of(options.get("k")))
    if running.finished is None and late and options.has("k"):
        table.signal(running.pid, signals.SIGKILL, by=call.owner)
    if running.finished is None:
        yield running.done
    return late


def _forwarder(call: ToolCall) -> Callable[[str, str], None]:
    def forward(stream: str, text: str) -> None:
        (call.out if stream == "stdout" else call.err)(text)

    return forward


def signal_number(text: str) -> int:
    """Return the number of the signal called *text*: 9, KILL or SIGKILL. Raises UsageError."""
    if text.isdigit() and int(text) <= signals.SIGRTMAX:
        return int(text)
    name = "SIG" + text.upper().removeprefix("SIG")
    try:
        return signals.Signals[name].value
    except KeyError:
        raise UsageError(f"{text}: invalid signal specification") from None


@tool("nice", "nohup", "setsid")
def nice(call: ToolCall) -> Work:
    """Run a command; a lower priority and ignored hang-ups make no difference here."""
    options = NICE.read(call.argv)
    if not options.words:
        raise UsageError("missing operand", code=BROKEN)
    if posixpath.basename(call.argv[0]) == "setsid":
        process = call.node.processes[call.pid]
        process.sid = process.pgid = process.pid
    return (yield from replaced(call, options.words, call.env))


@tool("which")
def which(call: ToolCall) -> int:
    """Write where programs are; 1 if one is nowhere."""
    options = WHICH.read(call.argv)
    missing = False
    for name in options.words:
        try:
            program = call.node.program(name, path=call.env.get("PATH"), cwd=call.cwd)
        except OSError:
            path = call.env.get("PATH", "")
            call.err(f"/usr/bin/which: no {name} in ({path})\n")
            missing = True
        else:
            call.out(f"{program.path}\n")
    return 1 if missing or not options.words else 0
