"""Signals to the pilot: the handler only passes the number on; the main thread acts on it.

The seven that a batch system sends are those of pilot3@a090538b:pilot/workflow/generic.py. Its
handler waits up to 180 s inside itself; here it puts one number into a queue whose put() may
be called from a handler (documented for SimpleQueue), and no lock of ours is ever in its way.
"""

from __future__ import annotations

import signal
from types import FrameType
from typing import Callable

WATCHED = (
    signal.SIGINT,
    signal.SIGTERM,
    signal.SIGQUIT,
    signal.SIGSEGV,
    signal.SIGXCPU,
    signal.SIGUSR1,
    signal.SIGBUS,
)


def install(tell: Callable[[int], None]) -> None:
    """Have *tell* called with the number of every signal in WATCHED, on the main thread."""

    def handle(number: int, _frame: FrameType | None) -> None:
        tell(number)

    for number in WATCHED:
        signal.signal(number, handle)


def signal_name(number: int) -> str:
    """Return SIGTERM for 15, and so on; the number as text for one that has no name."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
