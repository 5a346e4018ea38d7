"""A worker node of the simulated grid: its machine, its files, its processes and its programs.

Models one host as a pilot sees it. A command is spawned as a tool, a script or a line of shell;
what takes no virtual time ends before ``spawn`` returns. Not modelled: contention between
processes for CPU, memory or disk bandwidth; users other than those of the table; containers.
"""

from __future__ import annotations

import errno
import os
import posixpath
from dataclasses import dataclass
from pathlib import Path
from typing import Callable
from typing import Mapping

import simpy

from fakesites import cgroups
from fakesites import machine
from fakesites import oom
from fakesites.conditions import Conditions
from fakesites.conditions import texts
from fakesites.events import SHELL_REFUSED
from fakesites.events import TOOL_RUN
from fakesites.feeds import fed_work
from fakesites.files import GUEST_ROOT
from fakesites.files import NodeFiles
from fakesites.files import OutsideError
from fakesites.machine import NodeSpec
from fakesites.payload import PayloadModel
from fakesites.processes import Process
from fakesites.processes import ProcessTable
from fakesites.running import Command
from fakesites.running import Ended
from fakesites.running import Life
from fakesites.running import Running
from fakesites.running import Work
from fakesites.running import begin
from fakesites.shell import SHELLS
from fakesites.shell import Shell
from fakesites.shell import shell_work
from fakesites.tools import OPTIONAL
from fakesites.tools import QUIET
from fakesites.tools import TOOLS
from fakesites.tools import Exit
from fakesites.tools import NotSpoken
from fakesites.tools import ToolCall
from fakesites.tools import ToolFunction
from fakesites.tools import UsageError
from fakesites.tools import Writer
from fakesites.tools import signal_of
from simkernel.clock import Clock
from simkernel.journal import Journal
from simkernel.network import Network
from simkernel.points import Points
from simkernel.streams import Streams

__all__ = ["Command", "Exit", "Node", "NodeSpec", "Program", "ProgramError", "Running"]

SYSTEM_FOLDERS = ("/usr/bin", "/bin", "/usr/sbin", "/sbin")
# Folders of the system hold tools only, and what they hold does not change.
SYSTEM = ("/usr/", "/bin", "/sbin", "/opt/", "/cvmfs/")
DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin"
STDERR_LIMIT = 200
HEAD_LIMIT = 256
# The first line of a file of the node that stands for a tool: its name, and words put before
# those that it is given.
TOOL_HEAD = b"#!/flightsim/tool "

# Tools that run for a time which nothing outside of their node changes.
UNREACHED = frozenset({"flightsim-payload", "python3", "sleep"})

REFUSED_CODE = 2
NOT_FOUND = 127
NOT_EXECUTABLE = 126
# execve(2): one word, and all words of a command with its environment, on a stack of 8 MB.
ARG_STRLEN_MAX = 131_072
ARG_MAX = 2_097_152


@dataclass(frozen=True, slots=True)
class Program:
    """What a name stands for: a *tool*, a *shell*, or a *script* of the node at *path*.

    *words* go before those that the program is given.
    """

    kind: str
    name: str
    path: str
    words: tuple[str, ...] = ()


class ProgramError(OSError):
    """A name stands for no program, or for one that cannot be run."""

    def __init__(self, number: int, path: str, *, code: int) -> None:
        super().__init__(number, os.strerror(number), path)
        self.code = code


def check_length(argv: tuple[str, ...], env: Mapping[str, str]) -> None:
    """Raise ProgramError (E2BIG) for a command that is too long for the kernel."""
    words = [*argv, *(f"{name}={value}" for name, value in env.items())]
    longest, total = max(map(len, words)), sum(len(each) + 9 for each in words)
    if longest >= ARG_STRLEN_MAX or total > ARG_MAX:
        raise ProgramError(errno.E2BIG, argv[0], code=NOT_EXECUTABLE)


class Node:
    """One worker node. *root* is the real folder of its /srv, *spec* the machine itself.

    *seen* is where the guest sees that folder, if not at /srv.

    *payloads* are the lives of the jobs that may run here, by key. *missing* names tools that
    are not installed, *mounted* holds the texts of files outside of /srv (/cvmfs/…). *ready* are
    called before anything looks at the times of files: what a payload touched meanwhile is
    stamped then.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        journal: Journal,
        points: Points,
        network: Network,
        root: Path,
        streams: Streams,
        spec: NodeSpec | None = None,
        name: str = "",
        seen: str = GUEST_ROOT,
    ) -> None:
        self.spec = spec or NodeSpec()
        self.name = name or self.spec.name
        self.clock = clock
        self.journal = journal
        self.points = points
        self.network = network
        self.streams = streams
        self.files = NodeFiles(root, clock, seen=seen)
        self.files.disk = self
        self.payloads: dict[str, PayloadModel] = {}
        self.missing: set[str] = set()
        self.extra_load = 0.0
        self.conditions = Conditions()
        self.mounted: dict[str, str] = texts()
        self.kernel_log: list[str] = []
        self._known: dict[tuple[str, str | None], Program] = {}
        self.ready: list[Callable[[], None]] = []
        self.at_work = 0  # tools that run now, but for those of UNREACHED
        self.processes = ProcessTable(
            name=self.name, clock=clock, journal=journal, cores=self.spec.cores
        )
        machine.populate(self.processes, self.spec)
        self.slot_peak = 0
        if self.spec.cgroups:
            self.processes.before_exit.append(lambda: cgroups.peak(self))
        if self.spec.slot_memory_mb:
            clock.process(oom.watch(self))

    # -- spawning

    def spawn(self, command: Command) -> Running:
        """Start *command* and run it up to its first wait.

        Raises ProgramError (an OSError: ENOENT, EACCES) when its argv names no program.
        """
        argv = command.argv
        if isinstance(argv, str):
            argv = ("/bin/bash", "-c", argv)
        if sum(map(len, argv)) > ARG_MAX // 16:
            check_length(argv, command.env)
        program = self.program(argv[0], path=command.env.get("PATH"), cwd=command.cwd)
        process = self._make(argv, command)
        process.output = running = Running(self.clock, process)
        out, err = running.writers(command)
        call = ToolCall(
            argv,
            dict(command.env),
            command.cwd,
            command.stdin,
            self,
            process.pid,
            process.owner,
            out,
            err,
        )
        if command.feed is None:
            work = self.work(program, call, process=process)
        else:
            work = fed_work(self, program, call, process, command.feed)
        first = self._begin(process, work)
        if isinstance(first, tuple):
            running.end(*first)
        else:
            self._follow(process, work, first, running.end)
        return running

    def _make(self, argv: tuple[str, ...], command: Command) -> Process:
        user = command.user or self.spec.user
        process = self.processes.make(argv, ppid=command.ppid, owner=command.owner, user=user)
        if command.new_session:
            process.sid = process.pgid = process.pid
        elif command.new_group:
            process.pgid = process.pid
        return process

    def run_child(self, child: Process, work: Work) -> int | Work:
        """Run *work* as the *child* of a shell; return its status, or how to wait for it."""
        first = self._begin(child, work)
        if isinstance(first, tuple):
            if child.entered:
                self.processes.collect(child.pid)
            return status(*first)
        return self._wait_for(child, self._event_of(child, work, first))

    def _wait_for(self, child: Process, done: simpy.Event) -> Work:
        code, signal = yield done
        self.processes.collect(child.pid)
        return status(code, signal)

    def run_background(self, child: Process, work: Work) -> simpy.Event:
        """Start *work* as the process *child*; return the event of its (code, signal)."""
        return self._event_of(child, work, self._begin(child, work))

    def _event_of(
        self, child: Process, work: Work, first: simpy.Event | tuple[int, int]
    ) -> simpy.Event:
        done = self.clock.event()

        def ended(code: int, signal: int) -> None:
            done.succeed((code, signal))

        if isinstance(first, tuple):
            ended(*first)
        else:
            self._follow(child, work, first, ended)
        return done

    def _begin(self, process: Process, work: Work) -> simpy.Event | tuple[int, int]:
        visitors = self.processes.visitors
        visitors.append(process)  # last in, first out: what runs now was begun last
        try:
            first = begin(process, work)
            if not isinstance(first, tuple):
                self.enter(process)
            elif process.entered:  # it left a job behind that takes time, and so was entered
                self.processes.exit(process.pid, code=first[0], signal=first[1])
        finally:
            visitors.pop()
        return first

    def enter(self, process: Process) -> None:
        """Enter a process that takes time into the table, its parents first."""
        for visitor in self.processes.visitors:
            if visitor.pid == process.ppid and not visitor.entered:
                self.enter(visitor)
        self.processes.enter(process)

    def _follow(self, process: Process, work: Work, first: simpy.Event, then: Ended) -> None:
        """Let *work* go on from *first* by itself; *then* is told how it ended."""
        output = process.output

        def ended(code: int, signal: int) -> None:
            self.processes.exit(process.pid, code=code, signal=signal)
            then(code, signal)
            if output is not None:
                output.release()

        if output is not None:
            output.hold()
        life = Life(process, work, ended)
        process.handler = life.signal
        if process.doomed:
            life.doom(process.doomed)
        life.follow(first)

    # -- programs

    def program(self, name: str, *, path: str | None, cwd: str) -> Program:
        """Return the program that *name* means, searched in *path* unless it has a slash.

        Raises ProgramError, whose code (126 or 127) is what a shell makes of it.
        """
        known = self._known.get((name, path))
        if known is not None and name not in self.missing:
            return known
        if "/" in name:
            return self._program_at(posixpath.normpath(posixpath.join(cwd, name)), name)
        folders = (DEFAULT_PATH if path is None else path).split(":")
        for folder in folders:
            found = self._program_in(folder, name, cwd)
            if found is not None:
                if all(each.startswith(SYSTEM) for each in folders):
                    self._known[name, path] = found
                return found
        raise ProgramError(2, name, code=NOT_FOUND)

    def _program_in(self, folder: str, name: str, cwd: str) -> Program | None:
        if folder in SYSTEM_FOLDERS:
            return self._installed(name, f"{folder}/{name}")
        if folder.startswith(SYSTEM) and not self.files.is_mounted(folder):
            return None
        try:
            return self._program_at(posixpath.join(cwd, folder, name), name)
        except ProgramError:
            return None

    def _installed(self, name: str, path: str) -> Program | None:
        if name in self.missing or self.conditions.places.get(name, path) != path:
            return None
        if name in SHELLS:
            return Program("shell", name, path)
        known = name in TOOLS and (name not in OPTIONAL or name in self.spec.programs)
        known = known or name in self.conditions.programs
        return Program("tool", name, path) if known else None

    def _program_at(self, path: str, name: str) -> Program:
        folder, last = posixpath.split(path)
        if folder in SYSTEM_FOLDERS:
            found = self._installed(last, path)
            if found is None:
                raise ProgramError(2, name, code=NOT_FOUND)
            return found
        try:
            real = self.files.real(path)
        except OutsideError:
            raise ProgramError(2, name, code=NOT_FOUND) from None
        return self._script(real, path, name)

    def _script(self, real: Path, path: str, name: str) -> Program:
        if not real.exists():
            raise ProgramError(2, name, code=NOT_FOUND)
        barred = self.conditions.forbids_execution(path)
        if barred or real.is_dir() or not real.stat().st_mode & 0o111:
            raise ProgramError(13, name, code=NOT_EXECUTABLE)
        with real.open("rb") as file:
            head = file.readline(HEAD_LIMIT)
        if head.startswith(TOOL_HEAD):
            tool, *words = head.removeprefix(TOOL_HEAD).decode().split()
            return Program("tool", tool, path, tuple(words))
        return Program("script", posixpath.basename(path), path)

    # -- work

    def work(self, program: Program, call: ToolCall, *, process: Process) -> Work:
        """Return the work of *call* as *process*: a tool's, a shell's or a script's."""
        if program.words:
            call.argv = (call.argv[0], *program.words, *call.argv[1:])
        if program.kind == "tool":
            return self.tool_work(program.name, call)
        shell = Shell(self, process, call)
        return shell_work(shell, program.kind, program.path)

    def tool_work(self, name: str, call: ToolCall) -> Work:
        """Run the tool *name* through its point, and journal that it ran."""
        began = self.clock.now
        errors: list[str] = []
        call.err = _noting(errors, call.err)
        function = TOOLS.get(name) or self.conditions.programs[name]
        code: int = -9
        self.at_work += name not in UNREACHED
        try:
            code = yield from self.points.around(
                f"tool.{name}", call, lambda: _proceed(function, call)
            )
        except simpy.Interrupt as interrupt:
            code = -signal_of(interrupt)
            raise
        finally:
            self.at_work -= name not in UNREACHED
            seconds = self.clock.now - began
            if code not in (0, 1) or errors or seconds or name not in QUIET:
                self._journal_run(call, code, seconds, _printable("".join(errors)))
        return code

    def _journal_run(self, call: ToolCall, code: int, seconds: float, stderr: str) -> None:
        self.journal.emit(
            TOOL_RUN,
            who=self.name,
            pid=call.pid,
            argv=list(call.argv),
            cwd=call.cwd,
            code=code,
            seconds=round(seconds, 6),
            stderr=stderr[:STDERR_LIMIT],
        )

    # -- the machine

    @property
    def hostname(self) -> str:
        """Return what the host calls itself."""
        return self.conditions.hostname or self.name

    def wall(self) -> float:
        """Return the POSIX seconds that this node's own clock shows."""
        return self.clock.wall() + self.conditions.clock_ahead_s

    def settle(self) -> None:
        """Bring the times of files up to this instant, before anything looks at them."""
        for bring_up in tuple(self.ready):
            bring_up()

    def free_bytes(self) -> int:
        """Return the bytes that may still be written to the disk."""
        used = self.spec.disk_used_mb * machine.MB + self.files.used_bytes()
        return max(0, self.spec.disk_mb * machine.MB - used - self.files.ballast_bytes)

    def system_text(self, path: str) -> str | None:
        """Return what the file *path* of the system says (/proc, /etc), or None."""
        self.files.looks += 1
        return self.mounted.get(path) or machine.system_text(self, path)

    def read(self, path: str) -> bytes:
        """Return the contents of a file of the system or of the node. Raises OSError."""
        text = self.system_text(path)
        if text is not None:
            return text.encode()
        try:
            return self.files.read(path)
        except OutsideError:
            raise FileNotFoundError(2, os.strerror(2), path) from None


def status(code: int, signal: int) -> int:
    """Return what a shell's ``$?`` says of a process that ended so."""
    return 128 + signal if signal else code


def _noting(errors: list[str], write: Writer) -> Writer:
    def err(text: str) -> None:
        errors.append(text)
        write(text)

    return err


def _proceed(function: ToolFunction, call: ToolCall) -> Work:
    try:
        result = function(call)
        return result if isinstance(result, int) else (yield from result)
    except UsageError as error:
        call.err(f"{call.argv[0]}: {error}\n")
        return error.code
    except NotSpoken as refusal:
        line = " ".join(call.argv)
        journal = call.node.journal
        journal.emit(SHELL_REFUSED, who=call.node.name, line=line, why=str(refusal))
        call.err(f"{call.argv[0]}: {refusal}: not spoken by the tools of this node\n")
        return REFUSED_CODE
    except OSError as error:
        name = call.node.files.shown(str(error.filename)) if error.filename else "write error"
        call.err(f"{call.argv[0]}: {name}: {error.strerror}\n")
        return 1


def _printable(text: str) -> str:
    """Return *text* with the bytes in it that are no UTF-8 written out."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
