"""What a guest may ask of the world, and who answers: a table of questions, desk by desk.

A question is answered at the instant at which it was asked. What takes time (a connection, a
child process) is begun here and ends as an item posted to the guest. An attempt to reach
outside the simulation is an event, and makes the flight *broken*.
"""

from __future__ import annotations

from typing import Any
from typing import Callable

from harness.desks import Caller
from harness.desks import Denied
from harness.desks import Files
from harness.desks import Forks
from harness.desks import Networks
from harness.desks import Processes
from harness.events import GUEST_ESCAPE
from harness.events import GUEST_NOTE
from harness.events import GUEST_REFUSED
from simkernel import HarnessError
from simkernel import Network
from simkernel import nearest


class Answers:
    """The world's answers to one guest."""

    def __init__(self, caller: Caller, network: Network) -> None:
        self.caller = caller
        processes, files, networks = Processes(caller), Files(caller), Networks(caller, network)
        forks = Forks(caller)
        self.standing = processes.standing
        self._questions: dict[str, Callable[..., Any]] = {
            "spawn": processes.spawn,
            "feed": processes.feed,
            "kill": processes.kill,
            "killpg": processes.killpg,
            "getpgid": processes.getpgid,
            "getsid": processes.getsid,
            "setsid": processes.setsid,
            "setpgid": processes.setpgid,
            "subreaper": processes.subreaper,
            "fork": forks.fork,
            "getppid": forks.getppid,
            "pipe_read": forks.read,
            "pipe_write": forks.write,
            "pipe_state": forks.state,
            "pipe_close": forks.close,
            "file": files.file,
            "disk": files.disk,
            "datagram": networks.datagram,
            "judge": networks.judge,
        }
        self._notes: dict[str, Callable[..., Any]] = {
            "resolve": networks.resolve,
            "reverse": networks.reverse,
            "connect": networks.connect,
            "send": networks.send,
            "shut": networks.shut,
            "close": networks.close,
            "trust": networks.trust,
            "forked": forks.forked,
            "reap": forks.reap,
            "escape": self._escape,
            "refused": self._refused,
        }

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

    def is_apart(self) -> bool:
        """Tell whether the guest waits for nothing that anybody else could bring about or delay."""
        return not self.caller.under_way and not self.caller.node.at_work

    def state(self) -> dict[str, Any]:
        """Return what a guest is always told: what changes with the process table, the next pid."""
        node = self.caller.node
        return {
            "table": [*node.processes.stamp(), len(node.missing)],
            "pid": node.processes.next_pid,
        }

    def note(self, what: str, fields: dict[str, Any]) -> None:
        """Take what the guest only tells."""
        take: Callable[..., None] = self._notes.get(what, self._note)
        take(**fields)

    def _escape(self, **fields: Any) -> None:
        self.caller.journal.emit(GUEST_ESCAPE, who=self.caller.who, **fields)

    def _refused(self, **fields: Any) -> None:
        self.caller.journal.emit(GUEST_REFUSED, who=self.caller.who, **fields)

    def _note(self, **fields: Any) -> None:
        self.caller.journal.emit(GUEST_NOTE, who=self.caller.who, **{"place": "", **fields})
