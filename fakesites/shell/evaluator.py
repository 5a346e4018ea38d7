"""Runs a parsed script: lists, pipelines, commands, subshells, in virtual time.

A stage of a pipeline runs when the one before it has ended. The last simple command of a ``-c``
line takes the place of the shell, under the shell's pid, as bash 5.1 and later do. A shell that
is killed leaves the command it waited for behind, as an orphan. Not modelled: job control,
aliases, interactive features, ``trap``.

Read from: POSIX.1-2017 Shell Command Language; bash 5.2.15 observed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any
from typing import Generator

import simpy

from fakesites.shell.builtins import TABLE
from fakesites.shell.builtins import Leave
from fakesites.shell.channels import Channels
from fakesites.shell.channels import redirect
from fakesites.shell.parser import as_assignment
from fakesites.shell.syntax import Branch
from fakesites.shell.syntax import Chain
from fakesites.shell.syntax import Compound
from fakesites.shell.syntax import Group
from fakesites.shell.syntax import Loop
from fakesites.shell.syntax import Redirect
from fakesites.shell.syntax import Script
from fakesites.shell.syntax import Simple
from fakesites.shell.syntax import Substitution
from fakesites.shell.syntax import Variable
from fakesites.shell.syntax import Word
from fakesites.shell.words import Expander
from fakesites.shell.words import UnboundError
from fakesites.tools import ToolCall

if TYPE_CHECKING:
    from fakesites.node import Node
    from fakesites.processes import Process

Work = Generator[simpy.Event, Any, int]
# What takes no time is done when the call returns; the rest is work to go on with.
Step = int | Work
Assignments = list[tuple[str, str]]
# What each substitution wrote, and its status, by the identity of its part of the script.
Outputs = dict[int, tuple[str, int]]

# Builtins that take assignments as arguments: their values are not split into fields.
DECLARING = frozenset({"export", "local", "readonly"})
# Builtins that keep the assignments in front of them.
SPECIAL = frozenset({".", ":", "eval", "exec", "export", "set", "shift", "source", "unset"})
# Of commands within commands, each a process: a script that calls itself must end.
DEPTH_LIMIT = 40


class Shell:
    """One shell: its variables, its folder, its process."""

    def __init__(self, node: Node, process: Process, call: ToolCall) -> None:
        self.node = node
        self.process = process
        self.call = call
        self.env: dict[str, str] = dict(call.env)
        self.local: dict[str, str] = {}
        self.cwd = call.cwd
        self.name = call.argv[0]
        self.arguments: tuple[str, ...] = ()
        self.pid = process.pid
        self.status = 0
        self.last_job = 0
        self.jobs: dict[int, simpy.Event] = {}
        self.options: set[str] = set()
        self.line = 1
        self.sourcing = 0
        self.captured = 0  # the status of the last substitution

    def subshell(self, process: Process) -> Shell:
        """Return a copy of this shell that runs as *process*."""
        copy = Shell(self.node, process, self.call)
        copy.env, copy.local, copy.cwd = dict(self.env), dict(self.local), self.cwd
        copy.name, copy.arguments, copy.pid = self.name, self.arguments, self.pid
        copy.status, copy.options = self.status, set(self.options)
        return copy

    # -- variables

    def lookup(self, name: str) -> str | None:
        """Return the value of a variable or special parameter, None if it is not set."""
        if name in self.env:
            return self.env[name]
        if name in self.local:
            return self.local[name]
        return self._special(name)

    def _special(self, name: str) -> str | None:
        if name.isdigit():
            number = int(name)
            words = (self.name, *self.arguments)
            return words[number] if number < len(words) else None
        values = {
            "?": str(self.status),
            "$": str(self.pid),
            "#": str(len(self.arguments)),
            "!": str(self.last_job) if self.last_job else "",
            "-": "hB",
            "PPID": str(self.process.ppid),
            "PWD": self.cwd,
            "BASH": "/bin/bash",
            "BASH_VERSION": "5.1.8(1)-release",
            "BASHPID": str(self.process.pid),
            "EUID": str(self.node.spec.uid),
            "HOSTNAME": self.node.hostname,
            "LINENO": str(self.line),
            "UID": str(self.node.spec.uid),
        }
        return values.get(name)

    def assign(self, name: str, value: str) -> None:
        """Set a variable; it stays exported if it was."""
        if name in self.env:
            self.env[name] = value
        else:
            self.local[name] = value

    def export(self, name: str, value: str | None = None) -> None:
        """Export a variable, with a new *value* unless that is None."""
        kept = self.local.pop(name, None)
        if value is not None:
            self.env[name] = value
        elif kept is not None:
            self.env[name] = kept

    # -- scripts

    def run(self, script: Script, channels: Channels, *, tail: bool = False) -> Work:
        """Run *script* and return its status; at the *tail* a command may replace the shell."""
        last = len(script.chains) - 1
        for number, chain in enumerate(script.chains):
            if chain.background:
                self.status = self._start_job(chain, channels)
            else:
                at_tail = tail and number == last and not self.jobs
                self.status = yield from self._links(chain, channels, tail=at_tail)
            self.heed()
        return self.status

    def heed(self) -> None:
        """Die of a signal that came while this shell's own command ran."""
        if self.process.doomed:
            raise simpy.Interrupt(self.process.doomed)

    def _links(self, chain: Chain, channels: Channels, *, tail: bool) -> Work:
        last = len(chain.links) - 1
        for number, (operator, pipeline) in enumerate(chain.links):
            if operator and (operator == "&&") != (self.status == 0):
                continue
            at_tail = tail and number == last and not pipeline.negated
            if len(pipeline.commands) == 1:
                step = self._command(pipeline.commands[0], channels, tail=at_tail)
            else:
                step = self._stages(pipeline.commands, channels)
            status = step if isinstance(step, int) else (yield from step)
            self.status = int(not status) if pipeline.negated else status
            checked = number != last or pipeline.negated
            if self.status and "e" in self.options and not checked:
                raise Leave(self.status)
        return self.status

    def _start_job(self, chain: Chain, channels: Channels) -> int:
        process = self.node.processes.fork(self.process, self.process.argv)
        shell = self.subshell(process)
        quiet = Channels(channels.out, channels.err, "")
        work = shell.contained(shell._links(Chain(chain.links, False), quiet, tail=True))
        self.last_job = process.pid
        self.jobs[process.pid] = self.node.run_background(process, work)
        return 0

    def contained(self, work: Work) -> Work:
        """Run *work* as all that this shell does: ``exit`` ends it."""
        try:
            return (yield from work)
        except Leave as leave:
            return leave.status

    # -- pipelines

    def _stages(self, commands: tuple[Compound, ...], channels: Channels) -> Work:
        text = channels.stdin
        worst = 0
        for command in commands[:-1]:
            written: list[str] = []
            step = self._stage(command, Channels(written.append, channels.err, text))
            worst = (step if isinstance(step, int) else (yield from step)) or worst
            text = "".join(written)
        step = self._stage(commands[-1], Channels(channels.out, channels.err, text))
        status = step if isinstance(step, int) else (yield from step)
        return status or (worst if "pipefail" in self.options else 0)

    def _stage(self, command: Compound, channels: Channels) -> Step:
        """Run one stage; whatever could change this shell runs in a copy of it."""
        if isinstance(command, Simple) and command.argv and command.argv[0] not in TABLE:
            return self._simple(command, channels, tail=False)
        return self.subshell(self.process)._apart(command, channels)

    def _apart(self, command: Compound, channels: Channels) -> Step:
        try:
            step = self._command(command, channels, tail=False)
            return step if isinstance(step, int) else self.contained(step)
        except Leave as leave:
            return leave.status

    # -- commands

    def _command(self, command: Compound, channels: Channels, *, tail: bool) -> Step:
        if isinstance(command, Simple):
            return self._simple(command, channels, tail=tail)
        return self._compound(command, channels)

    def _compound(self, command: Group | Branch | Loop, channels: Channels) -> Work:
        if command.redirects:
            targets = tuple(each.target for each in command.redirects)
            outputs = yield from self._substitute(targets)
            changed = self._redirected(command.redirects, channels, outputs=outputs)
            if changed is None:
                return 1
            channels = changed
        if isinstance(command, Group):
            return (yield from self._group(command, channels))
        if isinstance(command, Branch):
            return (yield from self._branch(command, channels))
        return (yield from self._loop(command, channels))

    def _group(self, command: Group, channels: Channels) -> Work:
        if not command.subshell:
            return (yield from self.run(command.script, channels))
        shell = self.subshell(self.process)
        return (yield from shell.contained(shell.run(command.script, channels)))

    def _branch(self, command: Branch, channels: Channels) -> Work:
        for condition, script in command.cases:
            kept = self.options
            self.options = kept - {"e"}
            status = yield from self.run(condition, channels)
            self.options = kept
            if status == 0:
                return (yield from self.run(script, channels))
        if command.otherwise is None:
            return 0
        return (yield from self.run(command.otherwise, channels))

    def _loop(self, command: Loop, channels: Channels) -> Work:
        outputs = yield from self._substitute(command.words)
        status = 0
        for value in self._expander(outputs).argv(command.words):
            self.assign(command.name, value)
            status = yield from self.run(command.script, channels)
        return status

    def _simple(self, command: Simple, channels: Channels, *, tail: bool) -> Step:
        self.line = command.line
        argv = command.argv
        if argv is None or command.redirects or command.assignments:
            return self._expanded(command, channels, tail=tail)
        return self._execute(argv, channels, [], tail=tail)

    def _expanded(self, command: Simple, channels: Channels, *, tail: bool) -> Work:
        """Run a command in which something needs to be expanded, assigned or redirected."""
        targets = tuple(each.target for each in command.redirects)
        values = tuple(word for _, word in command.assignments)
        self.captured = 0
        outputs = yield from self._substitute((*command.words, *values, *targets))
        expander = self._expander(outputs)
        try:
            argv = command.argv or self._arguments(command.words, expander)
            assignments = [(name, expander.text(word)) for name, word in command.assignments]
        except UnboundError as error:
            self.complain(channels, str(error))
            raise Leave(1) from None
        changed = self._redirected(command.redirects, channels, outputs=outputs)
        if changed is None:
            return 1
        if not argv:
            return self._assign_all(assignments)
        if argv[0] == "exec" and len(argv) == 1:
            channels.out, channels.err, channels.stdin = changed.out, changed.err, changed.stdin
            return 0
        tail = tail and not command.redirects
        step = self._execute(argv, changed, assignments, tail=tail)
        return step if isinstance(step, int) else (yield from step)

    def _assign_all(self, assignments: Assignments) -> int:
        for name, value in assignments:
            self.assign(name, value)
        return self.captured

    def _arguments(self, words: tuple[Word, ...], expander: Expander) -> tuple[str, ...]:
        if not words or words[0].plain not in DECLARING:
            return expander.argv(words)
        found: list[str] = []
        for word in words:
            assignment = as_assignment(word)
            if assignment is None:
                found.extend(expander.argv((word,)))
            else:
                found.append(f"{assignment[0]}={expander.text(assignment[1])}")
        return tuple(found)

    def _execute(
        self, argv: tuple[str, ...], channels: Channels, assignments: Assignments, *, tail: bool
    ) -> Step:
        builtin = TABLE.get(argv[0])
        if builtin is None:
            return self.execute(argv, channels, assignments, tail=tail)
        if not assignments:
            return builtin(self, argv, channels)
        kept = dict(self.env), dict(self.local)
        for name, value in assignments:
            self.assign(name, value)
        step = builtin(self, argv, channels)
        if argv[0] not in SPECIAL and isinstance(step, int):
            self.env, self.local = kept
        return step

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
        return work if tail else self.node.run_child(process, work)

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

    def _expander(self, outputs: Outputs) -> Expander:
        return Expander(
            self.lookup,
            self.assign,
            self.arguments,
            outputs,
            self._note,
            self.node.files,
            self.cwd,
        )

    def _substitute(self, words: tuple[Word, ...]) -> Generator[simpy.Event, Any, Outputs]:
        """Run every substitution in *words*; return what each wrote, by its identity."""
        outputs: Outputs = {}
        for word in words:
            for part in word.parts if word.plain is None else ():
                if isinstance(part, Variable) and part.operand is not None:
                    outputs.update((yield from self._substitute((part.operand,))))
                elif isinstance(part, Substitution):
                    outputs[id(part)] = yield from self._captured(part.script)
        return outputs

    def _note(self, status: int) -> None:
        self.status = self.captured = status

    def _captured(self, script: Script) -> Generator[simpy.Event, Any, tuple[str, int]]:
        written: list[str] = []
        shell = self.subshell(self.process)
        channels = Channels(written.append, self.call.err, "")
        status = yield from shell.contained(shell.run(script, channels))
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
        changed = Channels(channels.out, channels.err, channels.stdin)
        expander = self._expander(outputs)
        for each in redirects:
            target = expander.text(each.target)
            try:
                redirect(changed, each, target, node=self.node, cwd=self.cwd)
            except OSError as error:
                self.complain(channels, f"{target}: {error.strerror}")
                return None
        return changed
