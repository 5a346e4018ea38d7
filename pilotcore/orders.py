"""Orders to stop: a signal, a kill command, a limit. The first one given wins.

Whoever waits on the job's behalf listens, so that an order interrupts a transfer or a payload
at once; the work then ends by Cancelled, which carries the order. One Orders object per job:
what was ordered of the first job must not reach the second (pilot3@a090538b be95546d).
"""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType

from pilotcore.platform import Flag
from pilotcore.platform import Platform


@dataclass(frozen=True)
class Order:
    """Stop what is being done: error *code* to report, why, and the signal number if any."""

    code: int
    reason: str
    signal: int = 0


class Cancelled(Exception):
    """Work was broken off because of *order*."""

    def __init__(self, order: Order) -> None:
        super().__init__(order.reason)
        self.order = order


class Orders:
    """What has been ordered, and who is to be woken by it."""

    def __init__(self) -> None:
        self._order: Order | None = None
        self._listeners: list[Flag] = []

    @property
    def pending(self) -> Order | None:
        """Return the order that stands, or None."""
        return self._order

    def give(self, order: Order) -> bool:
        """Give *order* and wake the listeners; return False if an earlier one stands."""
        if self._order is not None:
            return False
        self._order = order
        for flag in tuple(self._listeners):
            flag.set()
        return True

    def check(self) -> None:
        """Raise Cancelled if an order stands."""
        if self._order is not None:
            raise Cancelled(self._order)

    def waking(self, flag: Flag) -> Waking:
        """Have *flag* set by an order given during the block, or before it."""
        return Waking(self, flag)

    def listen(self, flag: Flag) -> None:
        """Have *flag* set by an order, or at once if one stands."""
        self._listeners.append(flag)
        if self._order is not None:
            flag.set()

    def forget(self, flag: Flag) -> None:
        """Set *flag* no more."""
        self._listeners.remove(flag)

    def sleep(self, platform: Platform, seconds: float) -> None:
        """Wait *seconds*; raises Cancelled as soon as an order stands."""
        flag = platform.flag()
        with self.waking(flag):
            flag.wait(seconds)
        self.check()


class Waking:
    """The block during which a flag listens to orders."""

    __slots__ = ("_flag", "_orders")

    def __init__(self, orders: Orders, flag: Flag) -> None:
        self._orders = orders
        self._flag = flag

    def __enter__(self) -> None:
        self._orders.listen(self._flag)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._orders.forget(self._flag)
