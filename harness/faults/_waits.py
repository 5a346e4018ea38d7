"""Waiting in vain, as a client does when something is lost."""

from __future__ import annotations

import math
from typing import Any
from typing import Generator
from typing import NoReturn

from simkernel import Clock
from simkernel import HarnessError
from simkernel import NetError
from simkernel import ScenarioError

RESET = "reset"
SILENCE = "silence"
WAYS = (RESET, SILENCE)


def check_way(how: str) -> None:
    """Raise ScenarioError unless *how* is a way to lose an answer."""
    if how not in WAYS:
        raise ScenarioError(f"how = {how!r}", remedy=f"use {' or '.join(map(repr, WAYS))}")


def for_ever(clock: Clock) -> Generator[Any, Any, NoReturn]:
    """Wait for what never comes; only a signal, or the caller's own limit, ends it."""
    # The clock has to know of it. An event that nobody else knows is garbage, and when that is
    # collected, what the waiting generator does in its ``finally`` is done at a random moment.
    yield clock.timeout(math.inf)
    raise HarnessError("what never comes has come")


def lost(clock: Clock, *, how: str) -> Generator[Any, Any, NoReturn]:
    """Leave a client without an answer: by a connection reset, or by silence for ever."""
    if how == RESET:
        raise NetError("reset", "Connection reset by peer")
    yield from for_ever(clock)
    raise HarnessError("silence has ended")
