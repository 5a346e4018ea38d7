"""Time limits of a piece of work over virtual time.

The work is driven from wait to wait in the caller's own generator, so that a signal reaches
it, and its ``finally`` runs, at the very instant: nothing is left to a later step of the clock.
"""

from __future__ import annotations

from typing import Any
from typing import Generator

import simpy

Work = Generator[simpy.Event, Any, Any]
NEVER = float("inf")


class LimitError(Exception):
    """Work was given up: *why* is total (it took too long) or stall (one wait did)."""

    def __init__(self, why: str, limit_s: float) -> None:
        super().__init__(f"given up after {limit_s} s ({why})")
        self.why = why
        self.limit_s = limit_s


def within(
    clock: simpy.Environment, work: Work, *, total_s: float = NEVER, stall_s: float = NEVER
) -> Work:
    """Return what *work* returns, if it ends in *total_s* and no wait of it exceeds *stall_s*.

    Raises LimitError, having closed *work*, otherwise.
    """
    if total_s == stall_s == NEVER:
        return (yield from work)
    end = clock.now + total_s
    try:
        event = next(work)
        while True:
            limit_s, why = min((end - clock.now, "total"), (stall_s, "stall"))
            try:
                came = yield from _came(clock, event, limit_s)
            except GeneratorExit:
                work.close()
                raise
            except simpy.Interrupt as interrupt:
                event = work.throw(interrupt)  # which it may survive
                continue
            if not came:
                work.close()
                raise LimitError(why, limit_s)
            event = _advance(work, event)
    except StopIteration as stop:
        return stop.value


def _came(clock: simpy.Environment, event: simpy.Event, limit_s: float) -> Work:
    """Wait for *event*; tell whether it came, well or failed, within *limit_s*."""
    if event.callbacks is None:
        return True
    try:
        yield event if limit_s == NEVER else event | clock.timeout(limit_s)
    except (GeneratorExit, simpy.Interrupt):
        raise
    except BaseException:
        if event.triggered and not event.ok:
            return True
        raise
    return event.processed


def _advance(work: Work, event: simpy.Event) -> simpy.Event:
    if event.ok:
        return work.send(event.value)
    event.defused = True
    failure = event.value
    assert isinstance(failure, BaseException)
    return work.throw(failure)
