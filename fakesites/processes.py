"""The process table of one worker node.

Models pids, parents, groups, sessions, users, states, zombies and the adoption of orphans by
pid 1, CPU time and memory as functions of virtual time, and signals by Unix rules: any process
of the same user may be signalled, whoever owns it, which is what a careless pilot's clean-up
trips over. Not modelled: threads, stopping (SIGSTOP changes the state that ps shows, not the
process's progress), capabilities, namespaces.

A process that takes no virtual time is never entered: it is only *visiting*, so that thousands
of short commands leave no trace but their own tool.run.
"""

from __future__ import annotations

import signal as signals
from dataclasses import dataclass
from dataclasses import field
from typing import Callable
from typing import Protocol

from fakesites.events import NODE_LEFT
from fakesites.events import PROCESS_EXIT
from fakesites.events import PROCESS_SIGNAL
from fakesites.events import PROCESS_START
from simkernel.clock import Clock
from simkernel.errors import HarnessError
from simkernel.journal import Journal

DELIVERED = "delivered"
NO_PROCESS = "ESRCH"
NOT_ALLOWED = "EPERM"

IGNORED = frozenset(
    {signals.SIGCHLD, signals.SIGCONT, signals.SIGURG, signals.SIGWINCH}  # the default is: nothing
)
STOPPING = frozenset({signals.SIGSTOP, signals.SIGTSTP, signals.SIGTTIN, signals.SIGTTOU})
PID_FIRST = 4001
PID_LIMIT = 4_194_304

Handler = Callable[[int], None]


class Output(Protocol):
    """What a process writes to, as far as somebody may wait for its last writer to go."""

    def hold(self) -> None:
        """Note one more process that holds the output."""

    def release(self) -> None:
        """Note that one is gone."""


@dataclass(slots=True, eq=False)
class Process:
    """One process; *handler* receives its signals, without one the default action is taken.

    CPU time grows by *cpu_rate* seconds a second from *rated_at* on, memory by *rss_rate*
    kilobytes a second. Its handler is told of SIGSTOP if it *heeds_stops*. An *unkillable*
    process (state D) keeps its signals until it is woken.
    """

    pid: int
    ppid: int
    pgid: int
    sid: int
    user: str
    owner: str
    argv: tuple[str, ...]
    started_at: float
    state: str = "S"
    psr: int = 0
    cpu_base_s: float = 0.0
    cpu_rate: float = 0.0
    rated_at: float = 0.0
    rss_base_kb: float = 2048.0
    rss_rate: float = 0.0
    handler: Handler | None = None
    heeds_stops: bool = False
    unkillable: bool = False
    doomed: int = 0
    changes: int = 0
    entered: bool = False
    code: int = 0
    signal: int = 0
    pending: list[int] = field(default_factory=list)
    output: Output | None = None

    def cpu_s(self, now: float) -> float:
        """Return the CPU seconds used up to *now*."""
        return self.cpu_base_s + self.cpu_rate * (now - self.rated_at)

    def rss_kb(self, now: float) -> int:
        """Return the kilobytes in memory at *now*."""
        return int(self.rss_base_kb + self.rss_rate * (now - self.rated_at))

    def rate(self, *, now: float, cpu: float, rss_kb: float, rss_rate: float = 0.0) -> None:
        """From *now* on use *cpu* cores, hold *rss_kb* and grow by *rss_rate* kB a second."""
        self.changes += 1
        self.cpu_base_s = self.cpu_s(now)
        self.rated_at = now
        self.cpu_rate = cpu
        self.rss_base_kb = rss_kb
        self.rss_rate = rss_rate

    @property
    def alive(self) -> bool:
        """Tell whether the process still runs; a zombie does not."""
        return self.state != "Z"


class ProcessTable:
    """All processes of one node, by pid; *version* changes with every change that ps can see."""

    def __init__(self, *, name: str, clock: Clock, journal: Journal, cores: int) -> None:
        self._name = name
        self._clock = clock
        self._journal = journal
        self._cores = cores
        self._table: dict[int, Process] = {}
        self._next_pid = PID_FIRST
        self._entries = 0
        self.users: dict[str, str] = {"system": "root", "batch": "root"}
        self.visitors: list[Process] = []
        self.subreapers: set[int] = set()
        self.before_exit: list[Callable[[], object]] = []
        self._known: set[int] = set()
        # What ps wrote of the table, by its command line, and the version that it was true of.
        self.renderings: dict[tuple[str, ...], tuple[int, str]] = {}
        self.version = 0
        self._waited: dict[int, list[Callable[[], None]]] = {}

    # -- coming and going

    def take_pid(self) -> int:
        """Return the next free pid."""
        pid = self._next_pid
        self._next_pid = pid + 1 if pid + 1 < PID_LIMIT else PID_FIRST
        return pid if pid not in self._table else self.take_pid()

    @property
    def next_pid(self) -> int:
        """Return the pid that is given next, if nothing has it."""
        return self._next_pid

    def skip_to(self, pid: int) -> None:
        """Take all pids below *pid* as given: to commands that were not run but answered."""
        if pid < self._next_pid:
            raise HarnessError(f"{self._name} gave pid {pid} already, the next is {self._next_pid}")
        self._next_pid = pid

    def add(
        self,
        argv: tuple[str, ...],
        *,
        ppid: int,
        owner: str,
        user: str = "",
        pgid: int | None = None,
        sid: int | None = None,
        pid: int | None = None,
        handler: Handler | None = None,
    ) -> Process:
        """Start a process and enter it; group and session are its parent's, or its own at 0.

        The *user* is the one that *owner* runs as, if none is given.
        """
        user = user or self.user_of(owner)
        process = self.make(argv, ppid=ppid, owner=owner, user=user, pid=pid)
        if pgid is not None:
            process.pgid = pgid or process.pid
        if sid is not None:
            process.sid = sid or process.pid
        process.handler = handler
        self.enter(process)
        return process

    def make(
        self, argv: tuple[str, ...], *, ppid: int, owner: str, user: str, pid: int | None = None
    ) -> Process:
        """Return a process in the group and session of its parent, without entering it."""
        number = self.take_pid() if pid is None else pid
        parent = self.find(ppid)
        pgid, sid = (number, number) if parent is None else (parent.pgid, parent.sid)
        return Process(number, ppid, pgid, sid, user, owner, argv, self._clock.now)

    def fork(self, parent: Process, argv: tuple[str, ...]) -> Process:
        """Return a child of *parent*, in all but its pid and its *argv* the same; not entered."""
        child = Process(
            self.take_pid(),
            parent.pid,
            parent.pgid,
            parent.sid,
            parent.user,
            parent.owner,
            argv,
            self._clock.now,
        )
        child.output = parent.output
        return child

    def enter(self, process: Process) -> None:
        """Put *process* into the table: from now on ps shows it."""
        if process.entered:
            return
        if process.pid in self._table:
            raise HarnessError(f"{self._name} has a process {process.pid} already")
        process.entered = True
        process.psr = self._entries % self._cores
        self._entries += 1
        self._table[process.pid] = process
        self._known.add(process.pid)
        self.version += 1
        self._journal.emit(
            PROCESS_START,
            who=self._name,
            pid=process.pid,
            ppid=process.ppid,
            pgid=process.pgid,
            owner=process.owner,
            argv=list(process.argv),
        )

    def exit(self, pid: int, *, code: int, signal: int = 0) -> None:
        """End a process: pid 1 adopts its children, and its parent may collect the zombie."""
        process = self[pid]
        if not process.alive:
            return
        for look in self.before_exit:
            look()
        process.rate(now=self._clock.now, cpu=0.0, rss_kb=0.0)
        process.state, process.code, process.signal = "Z", code, signal
        process.handler = None
        self.version += 1
        self._journal.emit(PROCESS_EXIT, who=self._name, pid=pid, code=code, signal=signal)
        for child in self.children(pid):
            self._adopt(self._table[child])
        if self._reaps_by_itself(process.ppid):
            self._remove(pid)

    def collect(self, pid: int) -> tuple[int, int] | None:
        """Remove a zombie as its parent's wait does; return (code, signal), or None if alive."""
        process = self._table.get(pid)
        if process is None or process.alive:
            return None
        self._remove(pid)
        self.version += 1
        return process.code, process.signal

    def when_gone(self, pid: int, then: Callable[[], None]) -> None:
        """Call *then* when *pid* is no process any more, not even a zombie."""
        self._waited.setdefault(pid, []).append(then)

    def _remove(self, pid: int) -> None:
        del self._table[pid]
        for then in self._waited.pop(pid, ()):
            then()

    def _adopt(self, process: Process) -> None:
        process.ppid = self._reaper_of(process.ppid)
        if not process.alive and process.ppid == 1:
            self._remove(process.pid)

    def _reaper_of(self, pid: int) -> int:
        """Return who adopts the children of *pid*: the nearest subreaper above it, or pid 1.

        Read from prctl(2), PR_SET_CHILD_SUBREAPER.
        """
        above = self._table.get(pid)
        while above is not None and above.pid != 1:
            above = self._table.get(above.ppid)
            if above is not None and above.alive and above.pid in self.subreapers:
                return above.pid
        return 1

    def _reaps_by_itself(self, ppid: int) -> bool:
        parent = self._table.get(ppid)
        return parent is None or parent.owner in ("system", "batch")

    # -- looking

    def has_been(self, pid: int) -> bool:
        """Tell whether *pid* is or was a process of this node."""
        return pid in self._known or PID_FIRST <= pid < self._next_pid

    def __getitem__(self, pid: int) -> Process:
        process = self.find(pid)
        if process is None:
            raise ProcessLookupError(f"{self._name} has no process {pid}")
        return process

    def find(self, pid: int) -> Process | None:
        """Return the process *pid*, a zombie or a visitor included, or None."""
        process = self._table.get(pid)
        if process is not None:
            return process
        return next((each for each in self.visitors if each.pid == pid), None)

    def stamp(self) -> tuple[int, int]:
        """Return what differs whenever the table does, or the rates of one of its processes."""
        return self.version, sum(process.changes for process in self._table.values())

    def entered(self) -> list[Process]:
        """Return the processes of the table, zombies included, by pid."""
        return [self._table[pid] for pid in sorted(self._table)]

    def rows(self) -> list[Process]:
        """Return what ps sees: the table and the visitors of this instant, by pid."""
        rows = self.entered()
        rows.extend(each for each in self.visitors if not each.entered)
        return sorted(rows, key=lambda process: process.pid)

    def children(self, pid: int) -> list[int]:
        """Return the pids whose parent is *pid*."""
        return [process.pid for process in self.entered() if process.ppid == pid]

    def getpgid(self, pid: int) -> int:
        """Return the group of *pid*. Raises ProcessLookupError."""
        return self[pid].pgid

    def getsid(self, pid: int) -> int:
        """Return the session of *pid*. Raises ProcessLookupError."""
        return self[pid].sid

    def setsid(self, pid: int) -> None:
        """Make *pid* the leader of a session and a group of its own."""
        process = self[pid]
        process.sid = process.pgid = pid
        self.version += 1

    def setpgid(self, pid: int, pgid: int) -> None:
        """Move *pid* into the group *pgid*; 0 means a group of its own."""
        self[pid].pgid = pgid or pid
        self.version += 1

    def set_argv(self, process: Process, argv: tuple[str, ...]) -> None:
        """Replace the program of *process*, as exec does."""
        process.argv = argv
        self.version += process.entered

    # -- signals

    def user_of(self, owner: str) -> str:
        """Return the user that the processes of *owner* run as."""
        return self.users.get(owner, self.users.get("pilot", "pilot"))

    def signal(self, pid: int, sig: int, *, by: str) -> str:
        """Send *sig* in the name of the owner *by*; return 'delivered', 'ESRCH' or 'EPERM'."""
        process = self.find(pid)
        result = self._permission(process, by)
        if sig:
            self._journal.emit(
                PROCESS_SIGNAL, who=self._name, pid=pid, signal=int(sig), by=by, result=result
            )
        if sig and process is not None and result == DELIVERED and process.alive:
            self._deliver(process, int(sig))
        return result

    def kill_group(self, pgid: int, sig: int, *, by: str) -> str:
        """Send *sig* to every process of a group, by pid; 'delivered' if one of them got it."""
        members = [process.pid for process in self.rows() if process.pgid == pgid]
        results = [self.signal(pid, sig, by=by) for pid in members]
        if DELIVERED in results:
            return DELIVERED
        return results[0] if results else NO_PROCESS

    def wake(self, pid: int) -> None:
        """Let an unkillable process go: what was sent to it meanwhile takes effect now."""
        process = self.find(pid)
        if process is None or not process.alive:
            return
        process.unkillable = False
        self._set_state(process, "S")
        pending, process.pending = process.pending, []
        for sig in pending:
            if process.alive:
                self._deliver(process, sig)

    def freeze(self, pid: int) -> None:
        """Put *pid* into uninterruptible sleep, state D: no signal reaches it until wake."""
        process = self[pid]
        process.unkillable = True
        self._set_state(process, "D")

    def leave_daemon(self, argv: tuple[str, ...], *, behind: int, owner: str) -> Process:
        """Start a daemon in a session of its own that holds the output of the process *behind*."""
        parent = self[behind]
        daemon = self.add(argv, ppid=1, pgid=0, sid=0, owner=owner, user=parent.user)
        output = parent.output

        def end(sig: int) -> None:
            self.exit(daemon.pid, code=-sig, signal=sig)
            if output is not None:
                output.release()

        if output is not None:
            output.hold()
        daemon.handler = end
        return daemon

    def report_left(self, owner: str) -> list[int]:
        """Journal every process of *owner* that is still alive; return their pids."""
        left = [each for each in self.entered() if each.owner == owner and each.alive]
        for process in left:
            self._journal.emit(
                NODE_LEFT,
                who=self._name,
                pid=process.pid,
                argv=list(process.argv),
                owner=process.owner,
            )
        return [process.pid for process in left]

    def _permission(self, process: Process | None, by: str) -> str:
        if process is None:
            return NO_PROCESS
        sender = self.user_of(by)
        return DELIVERED if sender in ("root", process.user) else NOT_ALLOWED

    def _set_state(self, process: Process, state: str) -> None:
        self.version += process.state != state
        process.state = state

    def _deliver(self, process: Process, sig: int) -> None:
        if process.unkillable:
            process.pending.append(sig)
        elif sig in STOPPING:
            self._set_state(process, "T")
            if process.heeds_stops and process.handler is not None:
                process.handler(sig)
        elif process.handler is not None:
            self._set_state(process, "S" if sig == signals.SIGCONT else process.state)
            process.handler(sig)
        elif sig not in IGNORED and process in self.visitors:
            process.doomed = sig  # it runs at this very moment, and looks at this when it can
        elif sig not in IGNORED and process.pid != 1:
            self.exit(process.pid, code=-sig, signal=sig)
