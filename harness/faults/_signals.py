"""The names of signals."""

from __future__ import annotations

import signal

from simkernel import ScenarioError
from simkernel import nearest

NUMBERS = {each.name: int(each) for each in signal.Signals}


def signal_number(name: str) -> int:
    """Return the number of the signal called *name* (SIGTERM …). Raises ScenarioError."""
    if name not in NUMBERS:
        close = nearest(name, NUMBERS)
        remedy = f"did you mean {close[0]!r}?" if close else "use SIGTERM, SIGKILL, SIGINT …"
        raise ScenarioError(f"unknown signal {name!r}", remedy=remedy)
    return NUMBERS[name]
