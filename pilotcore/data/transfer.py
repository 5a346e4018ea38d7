"""One copy of one file by one tool: under a time limit, tried again, proved, or cleaned up.

A transfer that has used up its limit is not tried again by the same tool: a door that hangs
would cost the limit as often as it is asked, and the time in which a job gives up must be
bounded.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Callable
from typing import Mapping

from pilotcore.commands import NOT_FOUND
from pilotcore.commands import Outcome
from pilotcore.commands import run
from pilotcore.data import checksum
from pilotcore.data.complaints import PERMANENT
from pilotcore.data.complaints import code_of
from pilotcore.data.far_end import doubt
from pilotcore.data.far_end import gfal_sum
from pilotcore.data.plan import LIMIT_LEAST_S
from pilotcore.data.plan import Transfer
from pilotcore.data.traces import Traces
from pilotcore.errors import PilotError
from pilotcore.logbook import Logbook
from pilotcore.orders import Orders
from pilotcore.platform import Command
from pilotcore.platform import Platform

Write = Callable[[Transfer], "tuple[str, ...]"]
Judge = Callable[[Transfer, Outcome], str]


def _no_complaint(_transfer: Transfer, _outcome: Outcome) -> str:
    return ""


@dataclass(frozen=True)
class CopyTool:
    """A tool: the *schemes* it speaks, its command lines, and what it proves by its output.

    *judge* returns what is wrong with a copy out that ended with code 0, "" if nothing is.
    *ask* is the command that shows what is at the far end afterwards, if the tool has one;
    *done* are exit codes that mean success of a copy out besides 0. *cached*: its command ends
    with source and target, as pcache needs it.
    """

    name: str
    schemes: tuple[str, ...]
    get: Write
    put: Write
    judge: Judge = _no_complaint
    ask: Write | None = None
    done: frozenset[int] = frozenset()
    cached: bool = True


class Mover:
    """Performs transfers for one job."""

    def __init__(
        self,
        platform: Platform,
        log: Logbook,
        *,
        env: Mapping[str, str],
        cwd: Path,
        pause_s: float,
        setups: Mapping[str, str],
        traces: Traces,
        pcache: bool = False,
    ) -> None:
        self._platform = platform
        self._log = log
        self._env = env
        self._cwd = cwd
        self._pause_s = pause_s
        self._setups = setups
        self._traces = traces
        self._pcache = pcache

    def move(
        self,
        transfer: Transfer,
        tool: CopyTool,
        *,
        attempts: int,
        orders: Orders,
        within_s: float | None = None,
    ) -> None:
        """Copy one file; *within_s* shortens the limit. Raises PilotError when given up."""
        for attempt in range(1, max(1, attempts) + 1):
            began = self._platform.now()
            try:
                fresh = attempt > 1
                self._once(transfer, tool, orders=orders, within_s=within_s, fresh=fresh)
                self._traces.tell(transfer, began=began)
                return
            except PilotError as error:
                self._traces.tell(transfer, began=began, failure=error)
                self._log.warning(f"{tool.name}, attempt {attempt}, {transfer.lfn}: {error}")
                if error.failure.code in PERMANENT or attempt >= attempts:
                    raise
            orders.sleep(self._platform, self._pause_s * attempt)

    def ask(self, argv: tuple[str, ...], *, limit_s: float, orders: Orders) -> Outcome:
        """Run a command that moves nothing."""
        command = Command(argv, cwd=self._cwd, env=self._env)
        return run(self._platform, command, timeout_s=limit_s, orders=orders)

    def look(self, transfer: Transfer, tool: CopyTool, *, orders: Orders) -> None:
        """Raise PilotError (1361, 1368) unless the payload can read the far end where it is.

        Silence is no proof (INC-081: a check whose result was not there was taken for success).
        """
        began = self._platform.now()
        try:
            self._look(transfer, tool, orders=orders)
        except PilotError as error:
            self._traces.tell(transfer, began=began, failure=error)
            raise
        self._traces.tell(transfer, began=began, direct=True)

    def _look(self, transfer: Transfer, tool: CopyTool, *, orders: Orders) -> None:
        self._log.info(f"looking at {transfer.turl}")
        argv = gfal_sum(transfer)
        outcome = self._run(tool, argv, limit_s=LIMIT_LEAST_S, orders=orders)
        if outcome.timed_out:
            raise PilotError(1368, f"{transfer.lfn}: no answer in {outcome.seconds:.0f} s")
        complaint = doubt(transfer, outcome)
        if complaint is None:
            complaint = f"{argv[0]} {outcome.code}: {outcome.words}"
        if complaint:
            raise PilotError(1361, f"{transfer.lfn}: {complaint}")

    def _in_front(
        self, argv: tuple[str, ...], transfer: Transfer, tool: CopyTool, *, fresh: bool
    ) -> tuple[str, ...]:
        """Return *argv* with the node's cache in front; a *fresh* copy is not taken out of it.

        What the cache holds may be what was wrong with it: a second attempt has to see the storage.
        """
        if transfer.writing or not tool.cached or not self._pcache:
            return argv
        return ("pcache", *(("-f",) if fresh else ()), *argv)

    def _once(
        self,
        transfer: Transfer,
        tool: CopyTool,
        *,
        orders: Orders,
        within_s: float | None,
        fresh: bool,
    ) -> None:
        limit_s = transfer.limit_s if within_s is None else min(transfer.limit_s, within_s)
        bare = _argv(transfer, tool)
        argv = self._in_front(bare, transfer, tool, fresh=fresh)
        self._log.info(f"{' '.join(argv)} (limit {limit_s:.0f} s)")
        whole = False
        try:
            outcome = self._run(tool, argv, limit_s=limit_s, orders=orders)
            if argv != bare and outcome.code == NOT_FOUND:
                self._log.warning("the queue wants pcache, and there is none")
                self._pcache = False
                outcome = self._run(tool, bare, limit_s=limit_s, orders=orders)
            self._judge(transfer, tool, outcome)
            if transfer.writing:
                self._ask(transfer, tool, limit_s=min(limit_s, LIMIT_LEAST_S), orders=orders)
            else:
                verify(transfer)
            whole = True
        finally:
            # A partial file must be seen neither by the next attempt nor by the payload.
            if not transfer.writing and not whole:
                remove(transfer.path)

    def _run(
        self, tool: CopyTool, argv: tuple[str, ...], *, limit_s: float, orders: Orders
    ) -> Outcome:
        setup = self._setups.get(tool.name, "")
        if setup:
            argv = ("/bin/bash", "-c", f"source {setup};{shlex.join(argv)}")
        command = Command(argv, cwd=self._cwd, env=self._env)
        return run(self._platform, command, timeout_s=limit_s, orders=orders)

    def _judge(self, transfer: Transfer, tool: CopyTool, outcome: Outcome) -> None:
        if transfer.writing and outcome.code in tool.done:
            return
        code = code_of(outcome, writing=transfer.writing)
        if outcome.timed_out:
            detail = f"{transfer.lfn}: {tool.name} killed after {outcome.seconds:.0f} s"
            raise PilotError(code, detail)
        if code:
            raise PilotError(code, f"{transfer.lfn}: {tool.name} {outcome.code}: {outcome.words}")
        complaint = tool.judge(transfer, outcome)
        if complaint:
            raise PilotError(1172 if transfer.writing else 1171, f"{transfer.lfn}: {complaint}")

    def _ask(self, transfer: Transfer, tool: CopyTool, *, limit_s: float, orders: Orders) -> None:
        """Look at the far end, where a tool can: exit code 0 is no proof of a file."""
        if tool.ask is None:
            return
        outcome = self._run(tool, tool.ask(transfer), limit_s=limit_s, orders=orders)
        complaint = doubt(transfer, outcome)
        if complaint is None:
            self._log.warning(f"{transfer.lfn}: nobody can tell what arrived: {outcome.words}")
        elif complaint:
            raise PilotError(1172, f"{transfer.lfn}: {complaint}")


def _argv(transfer: Transfer, tool: CopyTool) -> tuple[str, ...]:
    try:
        return tool.put(transfer) if transfer.writing else tool.get(transfer)
    except OSError as error:
        # A tool whose far end is a directory may have to make it first.
        raise PilotError(1137 if transfer.writing else 1099, str(error)) from error


def verify(transfer: Transfer) -> None:
    """Raise PilotError unless the near end has the size and checksum of *transfer*."""
    try:
        size = transfer.path.stat().st_size
    except OSError:
        raise PilotError(1099, f"{transfer.lfn}: the tool said yes, but left no file") from None
    if transfer.size >= 0 and size != transfer.size:
        code = 1171 if transfer.checksum else 1099
        raise PilotError(code, f"{transfer.lfn}: {size} bytes instead of {transfer.size}")
    if transfer.checksum:
        good, found = checksum.matches(transfer.path, transfer.checksum)
        if not good:
            raise PilotError(1171, f"{transfer.lfn}: {found} instead of {transfer.checksum}")


def remove(path: Path) -> None:
    """Remove the file at *path* if there is one."""
    try:
        path.unlink()
    except FileNotFoundError:
        return
