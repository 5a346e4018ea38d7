"""What the model has besides its rooms: tables that a world gave it, and traces that came in.

The model keeps these as plain dictionaries and a list, which say nothing of their changes: tables
are written when their size changes or when told, traces as they are added.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from typing import Mapping

from fakeserver.keeping import Change
from fakeserver.server import PandaServer
from fakeserver.shares import Share

TABLE_ROOM = "live.tables"
TRACE_ROOM = "live.traces"
TABLES = ("queues", "endpoints", "transforms")
SHARES = "shares"


class Tables:
    """The tables and traces of *model*, as far as they are kept."""

    def __init__(self, model: PandaServer) -> None:
        self._model = model
        self._sizes: dict[str, int] = {}
        self._traces = 0
        self.changes()

    def restore(self, tables: Mapping[str, Any], traces: Mapping[str, Any]) -> None:
        """Give the model back what was kept in the two rooms."""
        for name in TABLES:
            getattr(self._model, name).update(tables.get(name, {}))
        if tables.get(SHARES):
            self._model.define_shares([Share(**each) for each in tables[SHARES]])
        self._model.traces += [traces[number] for number in sorted(traces, key=int)]
        self.changes()

    def touch(self) -> None:
        """Note that any table may have changed."""
        self._sizes.clear()

    def changes(self) -> list[Change]:
        """Return what is to be kept since this was last asked."""
        changed = []
        for name in TABLES:
            table = getattr(self._model, name)
            if self._sizes.get(name) != len(table):
                self._sizes[name] = len(table)
                changed.append(Change(TABLE_ROOM, name, dict(table)))
        shares = self._model.table.shares.present()
        if self._sizes.get(SHARES) != len(shares):
            self._sizes[SHARES] = len(shares)
            changed.append(Change(TABLE_ROOM, SHARES, [asdict(each) for each in shares]))
        traces = self._model.traces
        changed += [
            Change(TRACE_ROOM, f"{number:012}", traces[number])
            for number in range(self._traces, len(traces))
        ]
        self._traces = len(traces)
        return changed
