"""``flightsim`` with a bug: its server answers before it commits, and commits every so often.

This is what the test of killed servers is there to find; it is run like the real command.
"""

from __future__ import annotations

from typing import Any

from fakeserver.store import Store
from harness.cli import main

HELD = 40
"""Commits that are put off."""

_commit = Store.commit
_held: list[tuple[list[Any], list[str]]] = []


def later(store: Store, changes: Any, lines: Any = ()) -> None:
    """Commit with the next ones."""
    _held.append((list(changes), list(lines)))
    if len(_held) > HELD:
        for one in _held:
            _commit(store, *one)
        _held.clear()


if __name__ == "__main__":
    Store.commit = later  # type: ignore[method-assign]
    main()
