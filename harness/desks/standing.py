"""Answers that stand: the guest may repeat them until the process table changes.

The host says so of a command that looks at nothing but the process table (fakesites.repeats),
looked at no file, and took no time. From then on the guest answers it itself and tells how
often; now and then it asks all the same, and an answer that is not what it would have said is a
fault of ours. The journal has the runs that were asked for one by one, the others as a sum.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fakesites.node import Command
from fakesites.repeats import Repeat
from fakesites.repeats import is_undisturbed
from fakesites.repeats import repeat_of
from fakesites.running import Running
from guest.processes.fresh import cut
from harness.desks.caller import Caller
from harness.events import TOOL_AGAIN
from simkernel import HarnessError


@dataclass(frozen=True, slots=True)
class Asked:
    """What tells one question from another; the environment by its number."""

    argv: tuple[str, ...]
    cwd: str
    session: bool
    env: int


@dataclass(slots=True)
class Stood:
    """One answer that stands, or stood, *used* times so far.

    It is true of the table at *stamp*, for pids of *digits* digits: ps writes them in columns.
    """

    number: int
    asked: Asked
    stamp: tuple[int, int]
    digits: int
    said: tuple[list[str | int], int, str]
    used: int = 0


class Standing:
    """The standing answers of one guest."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._by_number: list[Stood] = []
        self._by_asked: dict[Asked, Stood] = {}
        self._env: dict[str, str] = {}
        self._envs = 0

    def before(self) -> tuple[int, int]:
        """Return what has to be known of the node before a command runs."""
        node = self._caller.node
        return node.processes.next_pid, node.files.looks

    def after(
        self, command: Command, running: Running, before: tuple[int, int]
    ) -> dict[str, Any] | None:
        """Return what the answer to *command*, which is over, says of its standing, if it does."""
        node = self._caller.node
        pid, looks = before
        repeat = repeat_of(tuple(command.argv), new_session=command.new_session)
        if repeat is None or command.stdin or looks != node.files.looks:
            return None
        if not is_undisturbed(repeat, node) or running.finished is None or running.finished.signal:
            return None
        count = node.processes.next_pid - pid
        if not self._shifts_as_said(repeat, running, pid, count):
            return None
        stood = self._stand(command, running, pid, count)
        return {"number": stood.number, "pids": count, "avoid": list(repeat.avoid)}

    def _shifts_as_said(self, repeat: Repeat, running: Running, pid: int, count: int) -> bool:
        """Tell whether fresh pids are where they may be, and nowhere else."""
        if running.pid != pid:
            return False  # pids have begun anew, and are not in a row
        if any(each in str(fresh) for fresh in range(pid, pid + count) for each in repeat.avoid):
            return False
        return repeat.shifts or len(cut(running.stdout, pid, count)) == 1

    def _stand(self, command: Command, running: Running, pid: int, count: int) -> Stood:
        asked = self._asked(command)
        assert running.finished is not None
        said = (cut(running.stdout, pid, count), running.finished.code, running.stderr)
        stamp = self._caller.node.processes.stamp()
        before = self._by_asked.get(asked)
        digits = len(str(pid))
        if before is not None and (before.stamp, before.digits) == (stamp, digits):
            if before.said != said:
                raise HarnessError(f"{command.argv}: {said} where {before.said} stood")
            self._sum_up(before)
            return before
        if before is not None:
            self._sum_up(before)
        stood = Stood(len(self._by_number), asked, stamp, digits, said)
        self._by_number.append(stood)
        self._by_asked[asked] = stood
        return stood

    def _asked(self, command: Command) -> Asked:
        if command.env != self._env:
            self._env, self._envs = dict(command.env), self._envs + 1
        return Asked(tuple(command.argv), command.cwd, command.new_session, self._envs)

    def used(self, uses: list[tuple[int, int]], pid: int) -> None:
        """Take what the guest answered itself: (number, times), and the next pid after that."""
        self._caller.node.processes.skip_to(pid)
        for number, times in uses:
            self._by_number[number].used += times

    def close(self) -> None:
        """Journal what was not summed up yet."""
        for stood in self._by_number:
            self._sum_up(stood)

    def _sum_up(self, stood: Stood) -> None:
        if stood.used:
            caller = self._caller
            caller.journal.emit(
                TOOL_AGAIN, who=caller.node.name, argv=list(stood.asked.argv), times=stood.used
            )
            stood.used = 0
