"""What a guest may ask of the world, one method a question.

A question is answered at the instant at which it was asked. What takes time (a connection, a
child process) is begun here and ends as an item posted to the guest. An attempt to reach
outside the simulation is an event, and makes the flight *broken*.
"""

from __future__ import annotations

import errno
import ipaddress
from typing import Any
from typing import Callable
from typing import Generator

from fakesites.events import PROCESS_SIGNAL
from fakesites.machine import MB
from fakesites.node import Command
from fakesites.node import Node
from fakesites.processes import DELIVERED
from fakesites.processes import NO_PROCESS
from fakesites.processes import NOT_ALLOWED
from fakesites.procfs import process_table
from fakesites.procfs import system_folder
from fakesites.running import Running
from fakesites.tools import Exit
from harness.connections import Connection
from harness.events import GUEST_ESCAPE
from harness.events import GUEST_NOTE
from harness.events import GUEST_REFUSED
from harness.events import GUEST_STUCK
from harness.guests import GuestProcess
from simkernel import Clock
from simkernel import Event
from simkernel import HarnessError
from simkernel import Journal
from simkernel import NetError
from simkernel import Network
from simkernel import nearest

DNS_S = 0.002
HANDSHAKE_S = 0.01
NO_NAME = -1
"""The number by which the guest knows to raise gaierror."""
PLACE_MAX = 300


class Denied(Exception):
    """The answer is an errno: *number* and *text* are what the pilot's call raises."""

    def __init__(self, number: int, text: str) -> None:
        super().__init__(text)
        self.number = number
        self.text = text


class Answers:
    """The world's answers to one guest, *who*, whose process is *pid* of *node*."""

    def __init__(
        self,
        who: str,
        *,
        node: Node,
        pid: int,
        clock: Clock,
        network: Network,
        journal: Journal,
    ) -> None:
        self.who = who
        self.guest: GuestProcess | None = None
        self._node = node
        self._points = node.points
        self._pid = pid
        self._clock = clock
        self._network = network
        self._journal = journal
        self._connections: dict[int, Connection] = {}
        self._count = 0
        self._env: dict[str, str] = {}
        self._place = ""
        journal.listen(self.see_signal)
        self._questions: dict[str, Callable[..., Any]] = {
            "spawn": self.spawn,
            "kill": self.kill,
            "killpg": self.killpg,
            "getpgid": self.getpgid,
            "getsid": self.getsid,
            "setsid": self.setsid,
            "setpgid": self.setpgid,
            "subreaper": self.subreaper,
            "file": self.file,
            "disk": self.disk,
            "resolve": self.resolve,
            "connect": self.connect,
            "tls": self.tls,
        }

    # -- the protocol

    def answer(self, kind: str, args: dict[str, Any]) -> dict[str, Any]:
        """Return the answer to one question, as the guest's ``Host.ask`` reads it."""
        question = self._questions.get(kind)
        if question is None:
            near = nearest(kind, self._questions)
            raise HarnessError(f"the guest asks {kind!r}, which nobody answers (nearest: {near})")
        try:
            return {"result": question(**args)}
        except Denied as denied:
            return {"error": [denied.number, denied.text]}

    def table_stamp(self) -> tuple[int, int]:
        """Return what changes whenever the node's process table does."""
        return self._node.processes.stamp()

    def note(self, what: str, fields: dict[str, Any]) -> None:
        """Take what the guest only tells."""
        if what == "send":
            self._feed(fields["conn"], fields["data"].encode("latin-1"))
        elif what == "close":
            connection = self._connections.pop(fields["conn"], None)
            if connection is not None:
                connection.closed = True
        elif what == "escape":
            self._journal.emit(GUEST_ESCAPE, who=self.who, **fields)
        elif what == "refused":
            self._journal.emit(GUEST_REFUSED, who=self.who, **fields)
        elif what == "stacks":
            self._journal.emit(GUEST_STUCK, who=self.who, why="asked", stacks=fields["text"])
        else:
            self._journal.emit(GUEST_NOTE, who=self.who, **{"place": "", **fields})

    def post(self, item: dict[str, Any]) -> None:
        """Have *item* delivered to the guest at this instant."""
        if self.guest is not None:
            self.guest.post(item, now=self._clock.now)

    # -- processes

    def spawn(
        self,
        *,
        key: str,
        argv: list[str],
        cwd: str,
        env: dict[str, str] | None,
        stdin: str,
        session: bool,
        place: str,
    ) -> dict[str, Any]:
        """Start a process of the node; it may be over at once."""
        if env is not None:
            self._env = env
        child = Child(key, self.post)
        command = Command(
            argv=tuple(argv),
            env=self._env,
            cwd=cwd,
            stdin=stdin,
            ppid=self._pid,
            owner=self.who,
            new_session=session,
            on_output=child.on_output,
        )
        self._place = f"shell line {argv[-1]!r}, from {place}"[:PLACE_MAX]
        try:
            running = self._node.spawn(command)
        except OSError as error:
            raise Denied(error.errno or errno.ENOENT, error.strerror or str(error)) from None
        if running.finished is not None:
            return child.at_once(running.pid, running.finished)
        self._clock.process(self._await(child, running))
        return child.alive(running.pid)

    def _await(self, child: Child, running: Running) -> Generator[Any, Any, None]:
        end = yield running.done
        self._node.processes.collect(running.pid)
        self.post({"key": child.key, "code": max(end.code, 0), "signal": end.signal})

    def kill(self, *, pid: int, signal: int, place: str) -> None:
        """Send a signal as ``os.kill`` does: 0 is the own group, negative a group."""
        self._place = place
        if pid == -1:
            self._escape("signal", f"kill(-1, {signal})")
            raise Denied(errno.EPERM, "refused by the simulation: every process there is")
        if pid <= 0:
            self.killpg(pgid=-pid, signal=signal, place=place)
            return
        self._told(self._node.processes.signal(pid, signal, by=self.who))

    def killpg(self, *, pgid: int, signal: int, place: str) -> None:
        """Send a signal to a group; 0 is the own."""
        self._place = place
        processes = self._node.processes
        group = pgid or processes.getpgid(self._pid)
        result = processes.kill_group(group, signal, by=self.who)
        if result == NO_PROCESS and signal:
            self._missed(group, signal)
        self._told(result)

    def _told(self, result: str) -> None:
        if result == NO_PROCESS:
            raise Denied(errno.ESRCH, "No such process")
        if result != DELIVERED:
            raise Denied(errno.EPERM, "Operation not permitted")

    def see_signal(self, event: Event) -> None:
        """Watch the signals of this pilot, tools' included: those at strangers are escapes."""
        if event.what != PROCESS_SIGNAL or event["by"] != self.who:
            return
        if event["result"] == NOT_ALLOWED:
            self._escape("signal", f"signal {event['signal']} to pid {event['pid']}")
        elif event["result"] == NO_PROCESS:
            self._missed(event["pid"], event["signal"])

    def _missed(self, pid: int, signal: int) -> None:
        # A pid that has been is a race lost; one that never was is somebody else's.
        if not self._node.processes.has_been(pid):
            self._escape("signal", f"signal {signal} to pid {pid}, which was never of this node")

    def _escape(self, kind: str, target: str) -> None:
        self._journal.emit(GUEST_ESCAPE, who=self.who, kind=kind, target=target, place=self._place)

    def getpgid(self, *, pid: int, place: str = "") -> int:
        """Return the group of a process; 0 is the own."""
        return self._look(self._node.processes.getpgid, pid)

    def getsid(self, *, pid: int, place: str = "") -> int:
        """Return the session of a process; 0 is the own."""
        return self._look(self._node.processes.getsid, pid)

    def _look(self, function: Callable[[int], int], pid: int) -> int:
        try:
            return function(pid or self._pid)
        except ProcessLookupError:
            raise Denied(errno.ESRCH, "No such process") from None

    def setsid(self, *, pid: int, place: str = "") -> int:
        """Make the pilot the leader of a session of its own."""
        self._node.processes.setsid(self._pid)
        return self._pid

    def setpgid(self, *, pid: int, pgid: int, place: str = "") -> None:
        """Move a process to another group."""
        if self._node.processes.find(pid or self._pid) is None:
            raise Denied(errno.ESRCH, "No such process")
        self._node.processes.setpgid(pid or self._pid, pgid)

    def subreaper(self, *, place: str) -> None:
        """Have orphans among the pilot's descendants become its own children."""
        self._node.processes.subreapers.add(self._pid)

    # -- files that the machine serves

    def file(self, *, path: str) -> tuple[str, Any]:
        """Return ('file', text), ('folder', names) or ('missing', None)."""
        path = path.replace("/proc/self", f"/proc/{self._pid}")
        if path == "/proc":
            return "folder", process_table(self._node)
        names = system_folder(self._node, path)
        if names is not None:
            return "folder", names
        text = self._node.system_text(path)
        return ("missing", None) if text is None else ("file", text)

    def disk(self) -> tuple[int, int]:
        """Return the size of the node's disk, and what is left of it, in bytes."""
        return self._node.spec.disk_mb * MB, self._node.free_bytes()

    # -- the network

    def resolve(self, *, key: str, name: str) -> None:
        """Look a name up; a look-up takes one round trip to the node's name server."""
        self._clock.process(self._resolve(key, name))

    def _resolve(self, key: str, name: str) -> Generator[Any, Any, None]:
        try:
            address = yield from self._points.around(
                f"net.{name}", ("resolve", self._node.name, name), lambda: self._look_up(name)
            )
        except NetError as error:
            if error.kind != "timeout":
                self.post({"key": key, "error": [NO_NAME, error.text]})
        else:
            self.post({"key": key, "result": address})

    def _look_up(self, name: str) -> Generator[Any, Any, str]:
        yield self._clock.timeout(DNS_S)
        return self._network.resolve(name, who=self.who)

    def connect(self, *, key: str, host: str, port: int, place: str) -> None:
        """Open a connection; an address outside the world is an escape."""
        if _is_address(host) and not self._network.knows(host):
            self._place = place
            self._escape("connect", f"{host}:{port}")
            raise Denied(errno.ENETUNREACH, "Network is unreachable")
        self._clock.process(self._connect(key, host, port))

    def _connect(self, key: str, host: str, port: int) -> Generator[Any, Any, None]:
        try:
            service = yield from self._network.connect(self._node.name, host, port, who=self.who)
        except NetError as error:
            if error.kind != "timeout":
                number = NO_NAME if error.kind == "dns" else error.errno
                self.post({"key": key, "error": [number, error.text]})
            return
        self._count += 1
        self._connections[self._count] = Connection(
            self._count,
            service,
            clock=self._clock,
            network=self._network,
            host=self._network.name_of(host),
            port=port,
            source=self._node.name,
            who=self.who,
            post=self.post,
        )
        self.post({"key": key, "result": self._count})

    def tls(self, *, key: str, conn: int, server: str, shown: str, verify: bool) -> None:
        """Shake hands: one round trip, then the server has seen the credential."""
        self._clock.process(self._tls(key, self._connections[conn], shown))

    def _tls(self, key: str, connection: Connection, shown: str) -> Generator[Any, Any, None]:
        yield self._clock.timeout(HANDSHAKE_S)
        try:
            connection.greet(shown)
        except NetError as error:
            self.post({"key": key, "error": [error.errno, error.text]})
        else:
            self.post({"key": key, "result": None})

    def _feed(self, conn: int, data: bytes) -> None:
        connection = self._connections.get(conn)
        if connection is not None:
            connection.feed(data)


class Child:
    """The output of one child on its way to the guest: first in the answer, then as items."""

    def __init__(self, key: str, post: Callable[[dict[str, Any]], None]) -> None:
        self.key = key
        self._post = post
        self._early: dict[str, list[str]] | None = {"out": [], "err": []}

    def on_output(self, stream: str, text: str) -> None:
        """Take what the child wrote."""
        name = "out" if stream == "stdout" else "err"
        if self._early is not None:
            self._early[name].append(text)
        else:
            self._post({"key": self.key, name: text})

    def at_once(self, pid: int, end: Exit) -> dict[str, Any]:
        """Return the answer for a child that is over already."""
        return {**self.alive(pid), "code": max(end.code, 0), "signal": end.signal}

    def alive(self, pid: int) -> dict[str, Any]:
        """Return the answer for a child that goes on."""
        early = self._early or {}
        self._early = None
        return {"pid": pid, **{name: "".join(texts) for name, texts in early.items()}}


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
