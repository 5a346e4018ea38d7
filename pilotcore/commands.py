"""Run a command under a time limit, in a process group of its own.

A tool that hangs is the commonest way for a pilot to become a lost heartbeat: nothing is ever
waited for without a limit, and a group that ignores even SIGKILL is left behind, not waited for.
The limits of pilot3@a090538b:pilot/util/container.py are days; here every caller names one.
"""

from __future__ import annotations

import signal
from dataclasses import dataclass

from pilotcore.orders import Cancelled
from pilotcore.orders import Orders
from pilotcore.platform import Child
from pilotcore.platform import Command
from pilotcore.platform import Flag
from pilotcore.platform import Platform

GRACE_S = 10.0
GRACE_IN_HASTE_S = 4.0
NOT_FOUND = 127


@dataclass(frozen=True)
class Outcome:
    """What became of a command: *code* as a shell gives it (128 + n for signal n)."""

    code: int
    stdout: str = ""
    stderr: str = ""
    timed_out: bool = False
    seconds: float = 0.0

    @property
    def words(self) -> str:
        """Return all that it said, in one line."""
        return " ".join(f"{self.stderr} {self.stdout}".split())


def run(
    platform: Platform, command: Command, *, timeout_s: float, orders: Orders | None = None
) -> Outcome:
    """Run *command* for at most *timeout_s* seconds.

    A command that is not there has code 127. Raises Cancelled if an order of *orders* stands.
    """
    orders = orders or Orders()
    orders.check()
    wake, began = platform.flag(), platform.monotonic()
    try:
        child = platform.start(command, wake=wake)
    except OSError as error:
        return Outcome(NOT_FOUND, stderr=f"{command.argv[0]}: {error.strerror or error}")
    if child.exit() is None:
        with orders.waking(wake):
            wake.wait(timeout_s)
    return _outcome(platform, child, wake=wake, orders=orders, began=began)


def _outcome(
    platform: Platform, child: Child, *, wake: Flag, orders: Orders, began: float
) -> Outcome:
    over = child.exit()
    if over is None:
        end_group(child, wake=wake, grace_s=grace_for(orders))
        if orders.pending is not None:
            raise Cancelled(orders.pending)
        over = child.exit()
        said = ("", "") if over is None else (over.stdout, over.stderr)
        return Outcome(-1, *said, timed_out=True, seconds=platform.monotonic() - began)
    code = 128 + over.signal if over.signal else over.code
    return Outcome(code, over.stdout, over.stderr, seconds=platform.monotonic() - began)


def grace_for(orders: Orders) -> float:
    """Return the seconds between SIGTERM and SIGKILL: few if the pilot got a signal itself."""
    pending = orders.pending
    return GRACE_IN_HASTE_S if pending is not None and pending.signal else GRACE_S


def end_group(child: Child, *, wake: Flag, grace_s: float = GRACE_S) -> bool:
    """End the group of *child*: SIGTERM, then SIGKILL after *grace_s* seconds.

    Returns False if it is still there *grace_s* seconds after SIGKILL (a process that waits for
    a dead disk ignores every signal).
    """
    if child.exit() is None:
        wake.clear()
        child.signal_group(signal.SIGTERM)
        if child.exit() is None:
            wake.wait(grace_s)
    wake.clear()
    # Whether or not its leader has gone: others of the group may have ignored SIGTERM.
    child.signal_group(signal.SIGKILL)
    if child.exit() is None:
        wake.wait(grace_s)
    return child.exit() is not None
