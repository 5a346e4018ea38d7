"""Runs a parsed script: lists, pipelines, commands, subshells, functions, in virtual time.

A stage of a pipeline runs when the one before it has ended. The last simple command of a ``-c``
line takes the place of the shell, under the shell's pid, as bash 5.1 and later do. A shell that
is killed leaves the command it waited for behind, as an orphan; one that traps the signal waits
on, and runs the trap when that command has ended. Not modelled: job control, aliases,
interactive features.

Read from: POSIX.1-2017 Shell Command Language; the bash manual; bash 5.2.15 observed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any
from typing import Generator
from typing import Iterable

import simpy

from fakesites.shell.arithmetic import ArithmeticProblem
from fakesites.shell.assigning import arguments_of
from fakesites.shell.assigning import assign
from fakesites.shell.assigning import words_of
from fakesites.shell.builtins import TABLE
from fakesites.shell.channels import Channels
from fakesites.shell.channels import redirect
from fakesites.shell.control import run_compound
from fakesites.shell.leaving import Leave
from fakesites.shell.leaving import Return
from fakesites.shell.parameters import UnboundError
from fakesites.shell.parser import DECLARING
from fakesites.shell.parser import parse
from fakesites.shell.special import special
from fakesites.shell.special import special_items
from fakesites.shell.syntax import Arithmetic
from fakesites.shell.syntax import Chain
from fakesites.shell.syntax import Compound
from fakesites.shell.syntax import Function
from fakesites.shell.syntax import Pipeline
from fakesites.shell.syntax import Redirect
from fakesites.shell.syntax import Script
from fakesites.shell.syntax import Simple
from fakesites.shell.syntax import Substitution
from fakesites.shell.syntax import Variable
from fakesites.shell.syntax import Word
from fakesites.shell.traps import Traps
from fakesites.shell.variables import Items
from fakesites.shell.variables import ReadonlyError
from fakesites.shell.variables import Variables
from fakesites.shell.words import Expander
from fakesites.tools import ToolCall
from fakesites.tools import signal_of

if TYPE_CHECKING:
    from fakesites.node import Node
    from fakesites.processes import Process

Work = Generator[simpy.Event, Any, int]
# What takes no time is done when the call returns; the rest is work to go on with.
Step = int | Work
Assignments = list[tuple[str, str]]
# What each substitution wrote, and its status, by the identity of its part of the script.
Outputs = dict[int, tuple[str, int]]

# Builtins that keep the assignments in front of them.
SPECIAL = frozenset({".", ":", "eval", "exec", "export", "set", "shift", "source", "unset"})
# Of commands within commands, each a process: a script that calls itself must end.
DEPTH_LIMIT = 40
# Of functions within functions, which are no processes.
CALLS_LIMIT = 100


class Shell:
    """One shell: its variables, its functions, its folder, its process."""

    def __init__(self, node: Node, process: Process, call: ToolCall) -> None:
        self.node: Node = node
        self.process: Process = process
        self.call = call
        self.variables = Variables(dict(call.env))
        self.functions: dict[str, Compound] = {}
        self.traps = Traps()
        self.cwd: str = call.cwd
        self.name: str = call.argv[0]
        self.arguments: tuple[str, ...] = ()
        self.pid: int = process.pid
        self.status: int = 0
        self.statuses: tuple[int, ...] = (0,)
        self.last_job: int = 0
        self.jobs: dict[int, simpy.Event] = {}
        self.options: set[str] = set()
        self.line: int = 1
        self.is_line: bool = False  # what runs is the text behind -c
        # What is being sourced or called, the outermost first, and with what names.
        self.sources: list[str] = []
        self.calls: list[str] = []
        self.loops = 0
        self.unchecked = 0  # conditions under way, whose failures end nothing
        self.captured = 0  # the status of the last substitution
        self.began: float = node.clock.now
        self.letter = 1  # where getopts is within a word

    def subshell(self, process: Process) -> Shell:
        """Return a copy of this shell that runs as *process*."""
        copy = Shell(self.node, process, self.call)
        copy.variables, copy.cwd = self.variables.copy(), self.cwd
        copy.functions = dict(self.functions)
        copy.traps = self.traps.inherited()
        copy.name, copy.arguments, copy.pid = self.name, self.arguments, self.pid
        copy.status, copy.options = self.status, set(self.options)
        copy.statuses, copy.last_job, copy.line = self.statuses, self.last_job, self.line
        copy.is_line = self.is_line
        copy.sources, copy.calls = list(self.sources), list(self.calls)
        copy.loops, copy.unchecked, copy.began = self.loops, self.unchecked, self.began
        return copy

    # -- variables

    @property
    def env(self) -> dict[str, str]:
        """The exported variables."""
        return self.variables.env

    def lookup(self, name: str) -> str | None:
        """Return the value of a variable or special parameter, None if it is not set."""
        found = self.variables.get(name)
        return special(self, name) if found is None else found

    def items(self, name: str) -> Items:
        """Return the items of an array by key."""
        found = self.variables.items(name)
        return found or special_items(self, name)

    def assign(self, name: str, value: str) -> None:
        """Set a variable; it stays exported if it was. Raises ReadonlyError."""
        self.variables.set(name, value)

    def put(self, name: str, key: str, value: str) -> None:
        """Set an item of an array. Raises ReadonlyError."""
        self.variables.array(name)[key] = value

    def export(self, name: str, value: str | None = None) -> None:
        """Export a variable, with a new *value* unless that is None. Raises ReadonlyError."""
        self.variables.export(name, value)

    # -- scripts

    def run(self, script: Script, channels: Channels, *, tail: bool = False) -> Work:
        """Run *script* and return its status; at the *tail* a command may replace the shell."""
        last = len(script.chains) - 1
        for number, chain in enumerate(script.chains):
            if chain.background:
                self.status = self._start_job(chain, channels)
            else:
                at_tail = tail and number == last and not self.jobs and not self.traps.texts
                self.status = yield from self._links(chain, channels, tail=at_tail)
            self.heed()
            if self.traps.pending:
                yield from self._run_traps(channels)
        return self.status

    def heed(self) -> None:
        """Die of a signal that came while this shell's own command ran."""
        doomed = self.process.doomed
        if doomed and not self.traps.takes(doomed):
            raise simpy.Interrupt(doomed)
        if doomed:
            self.process.doomed = 0

    def condition(self, script: Script, channels: Channels) -> Work:
        """Run *script* for its status only: a failure in it ends nothing."""
        self.unchecked += 1
        try:
            return (yield from self.run(script, channels))
        finally:
            self.unchecked -= 1

    def _links(self, chain: Chain, channels: Channels, *, tail: bool) -> Work:
        last = len(chain.links) - 1
        for number, (operator, pipeline) in enumerate(chain.links):
            if operator and (operator == "&&") != (self.status == 0):
                continue
            unchecked = number != last or pipeline.negated
            self.unchecked += unchecked
            try:
                step = self._pipeline(pipeline, channels, tail=tail and not unchecked)
                status = step if isinstance(step, int) else (yield from step)
            finally:
                self.unchecked -= unchecked
            self.status = int(not status) if pipeline.negated else status
            if self.status and not unchecked and not self.unchecked:
                yield from self._failed(channels)
        return self.status

    def _failed(self, channels: Channels) -> Work:
        """Do what is to be done when a command failed that nobody asked about."""
        text = self.traps.texts.get("ERR")
        if text is not None:
            yield from self.run_trap(text, channels)
        if "e" in self.options:
            raise Leave(self.status)
        return self.status

    def _start_job(self, chain: Chain, channels: Channels) -> int:
        process = self.node.processes.fork(self.process, self.process.argv)
        shell = self.subshell(process)
        quiet = Channels(channels.out, channels.err, "", dict(channels.others))
        work = shell.contained(shell._links(Chain(chain.links, False), quiet, tail=True), quiet)
        self.last_job = process.pid
        self.jobs[process.pid] = self.node.run_background(process, work)
        return 0

    def contained(self, work: Work, channels: Channels) -> Work:
        """Run *work* as all that this shell does: ``exit`` ends it, and its last trap is run."""
        try:
            status = yield from work
        except Leave as leave:
            status = leave.status
        except simpy.Interrupt:
            yield from self._farewell(channels, self.status)
            raise
        return (yield from self._farewell(channels, status))

    def _farewell(self, channels: Channels, status: int) -> Work:
        text = self.traps.texts.pop("EXIT", None)
        if text is None:
            return status
        self.status = status
        try:
            yield from self.run_trap(text, channels)
        except Leave as leave:
            return leave.status
        return status

    # -- traps

    def _run_traps(self, channels: Channels) -> Work:
        while self.traps.pending:
            yield from self.run_trap(self.traps.texts[self.traps.pending.pop(0)], channels)
        return self.status

    def run_trap(self, text: str, channels: Channels) -> Work:
        """Run the *text* of a trap; $? is then what it was before."""
        kept = self.status
        yield from self.run(parse(text), channels)
        self.status = kept
        return kept

    # -- pipelines

    def _pipeline(self, pipeline: Pipeline, channels: Channels, *, tail: bool) -> Step:
        if pipeline.timed:
            return self._timed(pipeline, channels)
        if len(pipeline.commands) > 1:
            return self._stages(pipeline.commands, channels)
        command = pipeline.commands[0]
        if isinstance(command, Simple):
            return self._simple(command, channels, tail=tail)
        return self._compound(command, channels)

    def _timed(self, pipeline: Pipeline, channels: Channels) -> Work:
        began = self.node.clock.now
        step = self._stages(pipeline.commands, channels)
        status = step if isinstance(step, int) else (yield from step)
        minutes, seconds = divmod(self.node.clock.now - began, 60)
        channels.err(f"\nreal\t{int(minutes)}m{seconds:.3f}s\nuser\t0m0.000s\nsys\t0m0.000s\n")
        return status

    def _stages(self, commands: tuple[Compound, ...], channels: Channels) -> Work:
        text = channels.stdin
        statuses: list[int] = []
        for command in commands[:-1]:
            written: list[str] = []
            inner = Channels(written.append, channels.err, text, channels.others)
            step = self._stage(command, inner)
            statuses.append(step if isinstance(step, int) else (yield from step))
            text = "".join(written)
        last = Channels(channels.out, channels.err, text, channels.others)
        step = self._stage(commands[-1], last)
        statuses.append(step if isinstance(step, int) else (yield from step))
        self.statuses = tuple(statuses)
        worst = next((each for each in reversed(statuses) if each), 0)
        return statuses[-1] or (worst if "pipefail" in self.options else 0)

    def _stage(self, command: Compound, channels: Channels) -> Step:
        """Run one stage; whatever could change this shell runs in a copy of it."""
        if isinstance(command, Simple) and command.argv and self._is_program(command.argv[0]):
            return self._simple(command, channels, tail=False)
        return self.subshell(self.process)._apart(command, channels)

    def _is_program(self, name: str) -> bool:
        return name not in TABLE and name not in self.functions

    def _apart(self, command: Compound, channels: Channels) -> Step:
        try:
            if isinstance(command, Simple):
                step = self._simple(command, channels, tail=False)
            else:
                step = self._compound(command, channels)
            return step if isinstance(step, int) else self.contained(step, channels)
        except Leave as leave:
            return leave.status

    # -- commands

    def _compound(self, command: Compound, channels: Channels) -> Step:
        if isinstance(command, Function):
            self.functions[command.name] = command.body
            return 0
        return self._redirecting(command, channels)

    def _redirecting(self, command: Compound, channels: Channels) -> Work:
        redirects = () if isinstance(command, Function) else command.redirects
        if redirects:
            targets = [each.target for each in redirects]
            outputs = yield from self.substitute(targets, channels)
            changed = self._redirected(redirects, channels, outputs=outputs)
            if changed is None:
                return 1
            channels = changed
        try:
            return (yield from run_compound(self, command, channels))
        except (UnboundError, ArithmeticProblem, ReadonlyError) as error:
            return self.give_up(channels, error)

    def _simple(self, command: Simple, channels: Channels, *, tail: bool) -> Step:
        self.line = command.line
        argv = command.argv
        if argv is None or command.redirects or command.assignments:
            return self._expanded(command, channels, tail=tail)
        return self._execute(argv, channels, [], tail=tail)

    def _expanded(self, command: Simple, channels: Channels, *, tail: bool) -> Work:
        """Run a command in which something needs to be expanded, assigned or redirected."""
        self.captured = 0
        outputs = yield from self.substitute(words_of(command), channels)
        expander = self.expander(outputs)
        try:
            argv = command.argv or arguments_of(command.words, expander)
            changed = self._redirected(command.redirects, channels, outputs=outputs)
            if changed is None:
                return 1
            if not argv:
                return self._assign(command, expander, channels)
            if argv[0] in DECLARING:
                status = self._execute(argv, changed, [], tail=False)
                self._assign(command, expander, channels)
                return status if isinstance(status, int) else (yield from status)
            assignments = [(each.name, expander.text(each.value)) for each in command.assignments]
        except (UnboundError, ArithmeticProblem, ReadonlyError) as error:
            return self.give_up(channels, error)
        if argv[0] == "exec" and len(argv) == 1:
            channels.become(changed)
            return 0
        tail = tail and not command.redirects
        step = self._execute(argv, changed, assignments, tail=tail)
        return step if isinstance(step, int) else (yield from step)

    def give_up(self, channels: Channels, error: Exception) -> int:
        """Tell of an *error* of an expansion, by which the shell ends."""
        place = "" if self.is_line else f"line {self.line}: "
        channels.err(f"{self.name}: {place}{error}\n")
        raise Leave(127 if self.is_line and isinstance(error, UnboundError) else 1)

    def _assign(self, command: Simple, expander: Expander, channels: Channels) -> int:
        for each in command.assignments:
            if "x" in self.options:
                channels.err(f"+ {each.name}={quoted(expander.text(each.value))}\n")
            assign(self, each, expander)
        return self.captured

    def _execute(
        self, argv: tuple[str, ...], channels: Channels, assignments: Assignments, *, tail: bool
    ) -> Step:
        if "x" in self.options:
            self._trace(argv, channels, assignments)
        body = self.functions.get(argv[0])
        builtin = TABLE.get(argv[0])
        if body is None and builtin is None:
            return self.execute(argv, channels, assignments, tail=tail)
        kept = self.variables.copy() if assignments else None
        for name, value in assignments:
            self.export(name, value) if body is not None else self.assign(name, value)
        if body is not None:
            return self._called(body, argv, channels, kept)
        assert builtin is not None, "neither a function nor a builtin"
        step = builtin(self, argv, channels)
        if kept is not None and argv[0] not in SPECIAL and isinstance(step, int):
            self._forget(assignments, kept)
        return step

    def _forget(self, assignments: Assignments, kept: Variables) -> None:
        """Undo the *assignments* in front of a command, and nothing else that it changed."""
        for name, _ in assignments:
            for table, before in (
                (self.variables.env, kept.env),
                (self.variables.local, kept.local),
            ):
                table.pop(name, None)
                if name in before:
                    table[name] = before[name]

    def _called(
        self, body: Compound, argv: tuple[str, ...], channels: Channels, kept: Variables | None
    ) -> Work:
        """Call a function: its arguments are its own, its local variables end with it."""
        if len(self.calls) >= CALLS_LIMIT:
            self.complain(channels, f"{argv[0]}: maximum function nesting level exceeded")
            return 1
        arguments, self.arguments = self.arguments, argv[1:]
        loops, self.loops = self.loops, 0
        self.calls.append(argv[0])
        self.variables.enter()
        try:
            step = self._compound(body, channels)
            return step if isinstance(step, int) else (yield from step)
        except Return as end:
            return end.status
        finally:
            self.variables.leave()
            self.calls.pop()
            self.arguments, self.loops = arguments, loops
            if kept is not None:
                self._forget([(name, "") for name in kept.env.keys() ^ self.env.keys()], kept)

    def _trace(self, argv: tuple[str, ...], channels: Channels, assignments: Assignments) -> None:
        words = [f"{name}={quoted(value)}" for name, value in assignments]
        channels.err("+ " + " ".join([*words, *map(quoted, argv)]) + "\n")

    # -- programs

    def execute(
        self,
        argv: tuple[str, ...],
        channels: Channels,
        assignments: Assignments,
        *,
        tail: bool = False,
    ) -> Step:
        """Run the program *argv* as a child, or at the *tail* in the place of this shell."""
        if len(self.node.processes.visitors) >= DEPTH_LIMIT:
            self.complain(channels, "fork: retry: Resource temporarily unavailable")
            return 254
        try:
            program = self.node.program(argv[0], path=self.lookup("PATH"), cwd=self.cwd)
        except OSError as error:
            return self._not_run(argv[0], error, channels)
        env = {**self.env, **dict(assignments)} if assignments else self.env
        process = self.process if tail else self.node.processes.fork(self.process, argv)
        if tail:
            self.node.processes.set_argv(process, argv)
        call = self._call(argv, env, channels, process.pid)
        work = self.node.work(program, call, process=process)
        if tail:
            return work
        step = self.node.run_child(process, work)
        return self.patient(step) if self.traps.texts and not isinstance(step, int) else step

    def patient(self, work: Work) -> Work:
        """Wait for *work* through every signal that this shell traps."""
        event = next(work)
        while True:
            try:
                value = yield event
            except simpy.Interrupt as interrupt:
                if not self.traps.takes(signal_of(interrupt)):
                    raise
                continue
            try:
                event = work.send(value)
            except StopIteration as stop:
                return int(stop.value)

    def _call(
        self, argv: tuple[str, ...], env: dict[str, str], channels: Channels, pid: int
    ) -> ToolCall:
        out, err = channels.out, channels.err
        owner = self.process.owner
        return ToolCall(argv, env, self.cwd, channels.stdin, self.node, pid, owner, out, err)

    def builtin_call(self, argv: tuple[str, ...], channels: Channels) -> ToolCall:
        """Return the call of a tool that the shell runs by itself, in its own process."""
        return self._call(argv, self.env, channels, self.process.pid)

    def _not_run(self, name: str, error: OSError, channels: Channels) -> int:
        code: int = getattr(error, "code", 126)
        missing = code == 127 and "/" not in name
        reason = "command not found" if missing else error.strerror
        self.complain(channels, f"{name}: {reason}")
        return code

    def complain(self, channels: Channels, text: str) -> None:
        """Write an error as bash does."""
        channels.err(f"{self.name}: line {self.line}: {text}\n")

    # -- expansion

    def expander(self, outputs: Outputs) -> Expander:
        """Return what expands words, given the *outputs* of the substitutions in them."""
        return Expander(
            self.lookup,
            self.assign,
            self.items,
            self.put,
            self.variables.names,
            self.arguments,
            outputs,
            self._note,
            self.node.files,
            self.cwd,
            self.name,
            "u" in self.options,
            "f" not in self.options,
        )

    def compute(self, text: str) -> int:
        """Return the value of the arithmetic expression *text*. Raises ArithmeticProblem."""
        literal = Word((), text)
        return self.expander({}).number(literal)

    def substitute(
        self, words: Iterable[Word], channels: Channels
    ) -> Generator[simpy.Event, Any, Outputs]:
        """Run every substitution in *words*; return what each wrote, by its identity."""
        outputs: Outputs = {}
        for word in words:
            for part in word.parts if word.plain is None else ():
                if isinstance(part, Variable):
                    inner = self._inner(part, outputs)
                    outputs.update((yield from self.substitute(inner, channels)))
                elif isinstance(part, Arithmetic):
                    inner = (part.expression,)
                    outputs.update((yield from self.substitute(inner, channels)))
                elif isinstance(part, Substitution):
                    outputs[id(part)] = yield from self._captured(part.script, channels)
        return outputs

    def _inner(self, part: Variable, outputs: Outputs) -> tuple[Word, ...]:
        """Return the words within *part* that will be looked at."""
        inner = [each for each in (part.index, part.second) if each is not None]
        if part.operand is not None and self.expander(outputs).takes_operand(part):
            inner.append(part.operand)
        return tuple(inner)

    def _note(self, status: int) -> None:
        self.status = self.captured = status

    def _captured(
        self, script: Script, channels: Channels
    ) -> Generator[simpy.Event, Any, tuple[str, int]]:
        written: list[str] = []
        shell = self.subshell(self.process)
        inner = Channels(written.append, channels.err, channels.stdin, dict(channels.others))
        status = yield from shell.contained(shell.run(script, inner), inner)
        return "".join(written).rstrip("\n"), status

    def _redirected(
        self,
        redirects: tuple[Redirect, ...],
        channels: Channels,
        *,
        outputs: Outputs,
    ) -> Channels | None:
        """Return *channels* as the *redirects* change them, or None after a complaint."""
        if not redirects:
            return channels
        changed = Channels(channels.out, channels.err, channels.stdin, dict(channels.others))
        expander = self.expander(outputs)
        for each in redirects:
            target = expander.text(each.target)
            try:
                redirect(changed, each, target, node=self.node, cwd=self.cwd)
            except OSError as error:
                self.complain(channels, f"{target}: {error.strerror}")
                return None
        return changed


def quoted(text: str) -> str:
    """Return *text* as ``set -x`` shows it: in quotes where it needs them."""
    if text and all(letter.isalnum() or letter in "_-./:=,+@%^" for letter in text):
        return text
    return "'" + text.replace("'", "'\\''") + "'"
