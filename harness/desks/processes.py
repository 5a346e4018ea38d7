"""Processes: starting them, signals, groups and sessions of the node's process table."""

from __future__ import annotations

import errno
from typing import Any
from typing import Callable
from typing import Generator

from fakesites.events import PROCESS_SIGNAL
from fakesites.feeds import Feed
from fakesites.node import Command
from fakesites.processes import DELIVERED
from fakesites.processes import NO_PROCESS
from fakesites.processes import NOT_ALLOWED
from fakesites.running import Running
from fakesites.tools import Exit
from harness.desks.caller import Caller
from harness.desks.caller import Denied
from harness.desks.standing import Standing
from simkernel import Event

PLACE_MAX = 300


class Processes:
    """The desk of ``subprocess`` and of the process functions of ``os``."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._env: dict[str, str] = {}
        self._feeds: dict[str, Feed] = {}
        self.standing = Standing(caller)
        if caller.first:  # those of its copies are sent in the same name
            caller.journal.listen(self.see_signal)

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
        feed: bool = False,
    ) -> dict[str, Any]:
        """Start a process of the node; it may be over at once. By *feed* its input goes on."""
        if not self._caller.node.spec.fork:
            raise Denied(errno.ENOSYS, "Function not implemented")
        if env is not None:
            self._env = env
        child = Child(key, self._caller.post)
        given = self._feed(key, stdin) if feed else None
        command = Command(
            argv=tuple(argv),
            env=self._env,
            cwd=cwd,
            stdin="" if feed else stdin,
            feed=given,
            ppid=self._caller.pid,
            owner=self._caller.who,
            new_session=session,
            on_output=child.on_output,
        )
        self._caller.place = f"shell line {argv[-1]!r}, from {place}"[:PLACE_MAX]
        before = self.standing.before()
        try:
            running = self._caller.node.spawn(command)
        except OSError as error:
            raise Denied(error.errno or errno.ENOENT, error.strerror or str(error)) from None
        if running.finished is not None:
            self._feeds.pop(key, None)
        if running.finished is not None and running.holders:
            self._caller.clock.process(self._drain(child, running))
            return {**child.at_once(running.pid, running.finished), "held": True}
        if running.finished is not None:
            stands = self.standing.after(command, running, before)
            answer = child.at_once(running.pid, running.finished)
            return answer if stands is None else {**answer, "stands": stands}
        self._caller.clock.process(self._await(child, running))
        return child.alive(running.pid)

    def _feed(self, key: str, text: str) -> Feed:
        feed = Feed(
            self._caller.clock, on_room=lambda: self._caller.post({"key": key, "room": True})
        )
        feed.push(text, end=False)
        self._feeds[key] = feed
        return feed

    def feed(self, *, key: str, data: str, end: bool) -> int:
        """Write to the input of a child; return how much there was room for."""
        feed = self._feeds.get(key)
        if feed is None:
            raise Denied(errno.EPIPE, "Broken pipe")
        return feed.push(data, end=end)

    def _await(self, child: Child, running: Running) -> Generator[Any, Any, None]:
        end = yield running.done
        self._feeds.pop(child.key, None)
        self._caller.node.processes.collect(running.pid)
        held = {"held": True} if running.holders else {}
        self._caller.post(
            {"key": child.key, "code": max(end.code, 0), "signal": end.signal, **held}
        )
        if held:
            yield from self._drain(child, running)

    def _drain(self, child: Child, running: Running) -> Generator[Any, Any, None]:
        """Tell of the output's end: a process that the child left behind may hold it open."""
        yield running.drained
        self._caller.post({"key": child.key, "closed": True})

    def kill(self, *, pid: int, signal: int, place: str) -> None:
        """Send a signal as ``os.kill`` does: 0 is the own group, negative a group."""
        self._caller.place = place
        if pid == -1:
            self._caller.escape("signal", f"kill(-1, {signal})")
            raise Denied(errno.EPERM, "refused by the simulation: every process there is")
        if pid <= 0:
            self.killpg(pgid=-pid, signal=signal, place=place)
            return
        self._told(self._caller.node.processes.signal(pid, signal, by=self._caller.who))

    def killpg(self, *, pgid: int, signal: int, place: str) -> None:
        """Send a signal to a group; 0 is the own."""
        self._caller.place = place
        processes = self._caller.node.processes
        group = pgid or processes.getpgid(self._caller.pid)
        result = processes.kill_group(group, signal, by=self._caller.who)
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
        if event.what != PROCESS_SIGNAL or event["by"] != self._caller.who:
            return
        if event["result"] == NOT_ALLOWED:
            self._caller.escape("signal", f"signal {event['signal']} to pid {event['pid']}")
        elif event["result"] == NO_PROCESS:
            self._missed(event["pid"], event["signal"])

    def _missed(self, pid: int, signal: int) -> None:
        # A pid that has been is a race lost; one that never was is somebody else's.
        if not self._caller.node.processes.has_been(pid):
            target = f"signal {signal} to pid {pid}, which was never of this node"
            self._caller.escape("signal", target)

    def getpgid(self, *, pid: int, place: str = "") -> int:
        """Return the group of a process; 0 is the own."""
        return self._look(self._caller.node.processes.getpgid, pid)

    def getsid(self, *, pid: int, place: str = "") -> int:
        """Return the session of a process; 0 is the own."""
        return self._look(self._caller.node.processes.getsid, pid)

    def _look(self, function: Callable[[int], int], pid: int) -> int:
        try:
            return function(pid or self._caller.pid)
        except ProcessLookupError:
            raise Denied(errno.ESRCH, "No such process") from None

    def setsid(self, *, pid: int, place: str = "") -> int:
        """Make the pilot the leader of a session of its own; a copy that leads a group may not."""
        caller = self._caller
        if not caller.first and caller.node.processes.getpgid(caller.pid) == caller.pid:
            raise Denied(errno.EPERM, "Operation not permitted")
        caller.node.processes.setsid(caller.pid)
        return caller.pid

    def setpgid(self, *, pid: int, pgid: int, place: str = "") -> None:
        """Move a process to another group."""
        if self._caller.node.processes.find(pid or self._caller.pid) is None:
            raise Denied(errno.ESRCH, "No such process")
        self._caller.node.processes.setpgid(pid or self._caller.pid, pgid)

    def subreaper(self, *, place: str) -> None:
        """Have orphans among the pilot's descendants become its own children."""
        self._caller.node.processes.subreapers.add(self._caller.pid)


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
