"""Sockets that nobody holds any more: closed at a moment when the host may be told."""

from __future__ import annotations

from guest.network.home import home
from guest.network.numbers import numbers


class Sweeper:
    """Closes the sockets that nobody holds any more, at a moment when the host may be told.

    A finaliser runs anywhere, even between a question to the host and its answer.
    """

    def __init__(self):
        self._left = []

    def leave(self, number, end):
        """Have *number*, still that of *end*, closed as soon as the hub runs its strands."""
        if not self._left:
            home.hub.spawn(self.sweep)
        self._left.append((number, end))

    def sweep(self):
        """Close what was left."""
        if not self._left:
            return
        left, self._left = self._left, []
        for number, end in left:
            if numbers.table.get(number) is end:
                numbers.close(number)


sweeper = Sweeper()
numbers.before_open.append(sweeper.sweep)
