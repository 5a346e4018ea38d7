"""What is said while flights are under way.

Results go to standard output. Progress goes to standard error: one line that is overwritten in a
terminal; elsewhere nothing, because a log of it helps nobody.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from typing import Any
from typing import Sequence

from harness.fleet import Order
from reports.terminal import one_line
from reports.terminal import table
from reports.terminal import wants_colours
from reports.wording import duration_text

ERASE = "\r\x1b[K"
INTERVAL_S = 0.1


class Talk:
    """Prints the results of *orders* as they come, and progress in between."""

    def __init__(self, orders: Sequence[Order], *, as_json: bool) -> None:
        self._orders = orders
        self._as_json = as_json
        self._over = 0
        self._next = 0.0
        self._lively = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        flights = ((each.scenario.name, each.pilot.label, each.seed) for each in orders)
        self._table = table(flights, colours=wants_colours(sys.stdout, os.environ))
        if sys.stdout.isatty() and not as_json:
            print(self._table.heading())
        self._show("")

    def progress(self, what: str, at_s: float) -> None:
        """Say that the present flight is doing *what* at virtual time *at_s*, now and then."""
        now = time.monotonic()
        if not self._lively or now < self._next:
            return
        self._next = now + INTERVAL_S
        order = self._orders[min(self._over, len(self._orders) - 1)]
        name = f"{order.scenario.name} {order.pilot.label} seed {order.seed}"
        self._show(f"{name} · {duration_text(at_s)} {what}")

    def result(self, verdict: dict[str, Any]) -> None:
        """Print the line of one flight that is over."""
        self.clear()
        self._over += 1
        line = json.dumps(verdict, ensure_ascii=False)
        print(line if self._as_json else self._table.row(verdict), flush=True)
        if self._over < len(self._orders):
            self._show("")

    def clear(self) -> None:
        """Take back the line of progress."""
        if self._lively:
            print(ERASE, end="", file=sys.stderr, flush=True)

    def _show(self, text: str) -> None:
        if self._lively:
            width = shutil.get_terminal_size().columns - 1
            line = f"[{self._over}/{len(self._orders)}] {one_line(text)}"[:width]
            print(f"{ERASE}{line}", end="", file=sys.stderr, flush=True)
