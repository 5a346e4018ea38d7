"""What must survive: named rooms of plain records, and a note of each that changed.

The model itself stays in memory. Whoever wants it on disk calls ``PandaServer.keep()`` once and
``PandaServer.changes()`` after each request: what comes back, written in one transaction before
the answer leaves, is all that ``PandaServer.restore()`` needs to make an equal server again.
Records are JSON-able: dictionaries, lists, text, numbers, true, false and null.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any
from typing import Iterator
from typing import Mapping
from typing import TypeVar

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Change:
    """The present *content* of the record *key* of a *room*; None when it is no more."""

    room: str
    key: str
    content: Any


class Notes:
    """Which records changed since somebody last asked; nothing is noted until switched on."""

    __slots__ = ("_dirty", "on")

    def __init__(self) -> None:
        self.on = False
        self._dirty: dict[tuple[str, str], None] = {}

    def note(self, room: str, key: str) -> None:
        """Note that the record *key* of *room* is new, changed or gone."""
        if self.on:
            self._dirty[room, key] = None

    def take(self) -> list[tuple[str, str]]:
        """Return room and key of each change, in the order in which they began, and forget them."""
        taken = list(self._dirty)
        self._dirty.clear()
        return taken


class Room(MutableMapping[str, Value]):
    """A dictionary of plain records that notes what changes in it.

    A record that is changed in place has to be ``touched``; ``make`` does so for what it returns.
    """

    __slots__ = ("_notes", "_records", "name")

    def __init__(self, name: str, notes: Notes) -> None:
        self.name = name
        self._notes = notes
        self._records: dict[str, Value] = {}

    def __getitem__(self, key: str) -> Value:
        return self._records[key]

    def __setitem__(self, key: str, value: Value) -> None:
        self._records[key] = value
        self._notes.note(self.name, key)

    def __delitem__(self, key: str) -> None:
        del self._records[key]
        self._notes.note(self.name, key)

    def __iter__(self) -> Iterator[str]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)

    def __ior__(self, other: Mapping[str, Value]) -> Room[Value]:
        self.update(other)
        return self

    def touch(self, key: str) -> None:
        """Note that the record *key* was changed in place."""
        self._notes.note(self.name, key)

    def make(self, key: str, new: Value) -> Value:
        """Return the record *key* to be changed in place; *new* becomes it if there is none."""
        self._notes.note(self.name, key)
        return self._records.setdefault(key, new)

    def plain(self) -> dict[str, Value]:
        """Return the records as they are."""
        return self._records

    def content(self, key: str) -> Any:
        """Return the record *key* as it is kept, None when it is no more."""
        return self._records.get(key)

    def load(self, key: str, content: Any) -> None:
        """Enter a record that was kept."""
        self._records[key] = content


class Rooms:
    """Every plain room of one server by name, made as they are asked for."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self._rooms: dict[str, Room[Any]] = {}

    def room(self, name: str) -> Room[Any]:
        """Return the room *name*."""
        known = self._rooms.get(name)
        if known is None:
            known = self._rooms[name] = Room(name, self.notes)
        return known

    def plain(self) -> dict[str, dict[str, Any]]:
        """Return the records of every room that has any, by room and key."""
        return {name: room.plain() for name, room in sorted(self._rooms.items()) if room}
