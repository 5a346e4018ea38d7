"""A limit on how long a piece of work may take."""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import Generator
from typing import TypeVar

import simpy

from simkernel.clock import Clock

Result = TypeVar("Result")


def within(
    clock: Clock, work: Generator[simpy.Event, Any, Result], limit_s: float
) -> Generator[simpy.Event, Any, Result]:
    """Do *work*, for at most *limit_s* seconds: then it is closed and TimeoutError raised."""
    deadline = clock.timeout(limit_s)
    move: Callable[[Any], simpy.Event] = work.send
    value: Any = None
    while True:
        try:
            event = move(value)
        except StopIteration as stop:
            result: Result = stop.value
            return result
        try:
            yield event | deadline
        except simpy.Interrupt as interrupt:
            move, value = work.throw, interrupt
            continue
        except Exception as error:  # noqa: BLE001 - the event failed: the work hears of it, as it would alone
            move, value = work.throw, error
            continue
        if not event.processed:
            work.close()
            raise TimeoutError(f"took more than {limit_s} s")
        move, value = work.send, event.value
