"""Forks of a guest, what its copies share with it, and who waits for whom."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING
from typing import Any

from harness.desks.caller import Caller
from harness.desks.caller import Denied

if TYPE_CHECKING:
    from harness.desks.pipes import Pipes

ORPHANED = 1
"""Whose children those are whose parent has ended (the pid of init)."""


class Forks:
    """The desk of ``os.fork``, of ``os.wait`` for copies, and of the pipes between guests."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def fork(self, *, pipes: list[dict[str, Any]], place: str) -> dict[str, Any]:
        """Make the calling process twice; the word in the answer lets the kernel do it."""
        self._caller.place = place
        if self._caller.family is None:
            raise Denied(errno.EAGAIN, "Resource temporarily unavailable")
        if not self._caller.node.spec.fork:
            raise Denied(errno.ENOSYS, "Function not implemented")
        return self._caller.family.fork(self._caller, pipes)

    def forked(self, *, pid: int, real: int) -> None:
        """The copy is there, the guest says, as *real* to the kernel; below 0 it is not."""
        if self._caller.family is not None:
            self._caller.family.forked(self._caller, pid, real)

    def reap(self, *, pid: int) -> None:
        """The program has waited for its child *pid*."""
        self._caller.node.processes.collect(pid)

    def getppid(self) -> int:
        """Return who the parent is by now."""
        process = self._caller.node.processes.find(self._caller.pid)
        return ORPHANED if process is None else process.ppid

    # -- pipes

    def read(self, *, pipe: int, count: int) -> str | None:
        """Return what there is, "" at the end, None for nothing yet."""
        return self._pipes.read(pipe, count, pid=self._caller.pid)

    def write(self, *, pipe: int, data: str) -> int:
        """Return how much of *data* there was room for."""
        return self._pipes.write(pipe, data, pid=self._caller.pid)

    def state(self, *, pipe: int) -> tuple[bool, bool, int, int]:
        """Return what can be done with a pipe."""
        return self._pipes.state(pipe)

    def close(self, *, pipe: int, end: str) -> None:
        """Close one end."""
        self._pipes.close(pipe, end, pid=self._caller.pid)

    @property
    def _pipes(self) -> Pipes:
        if self._caller.family is None:
            raise Denied(errno.EBADF, "Bad file descriptor")
        return self._caller.family.pipes
