"""A worker node without a way out: no program on it reaches another host.

Models the nodes of a supercomputer, whose packets nobody routes: connecting fails at once. Names
are found as ever. Not modelled: proxies on a front-end.
"""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import Generator

from simkernel import NetError
from simkernel import Points

Work = Generator[Any, Any, Any]
EVERYWHERE = "net.*"
UNREACHABLE = "Network is unreachable"


def wall_in(points: Points, node: str) -> None:
    """Let the host *node* reach no other host."""

    def around(call: Any, proceed: Callable[[], Work]) -> Work:
        if isinstance(call, tuple) and call[:2] == ("connect", node):
            raise NetError("unreachable", f"{UNREACHABLE}: {call[2]}:{call[3]}")
        return (yield from proceed())

    points.attach(EVERYWHERE, around)
