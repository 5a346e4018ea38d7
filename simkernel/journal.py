"""The journal: events.jsonl, the only truth of a flight.

One line per event: ``{"t": virtual seconds, "n": number, "who": actor, "what": kind, ...}``.
The first line is a header. The SHA-256 over all lines is the identity of the flight. Real
time, real paths and real pids have no place in it; the floors above see to that.
Every kind is declared once, with its fields, so that a misspelt field is our error at once.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import IO
from typing import Any
from typing import Callable
from typing import Iterator
from typing import Mapping

from simkernel.errors import HarnessError

FORMAT = 1
ENCODE = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode
BEFORE_HEADER = "the journal has no header yet"


@dataclass(frozen=True, slots=True)
class EventKind:
    """One kind of event: its name, its fields and what it says."""

    name: str
    fields: tuple[str, ...]
    about: str


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a journal, as read back."""

    t: float
    n: int
    who: str
    what: str
    data: Mapping[str, Any]

    def __getitem__(self, field: str) -> Any:
        return self.data[field]

    def get(self, field: str, default: Any = None) -> Any:
        """Return *field* of this event, or *default*."""
        return self.data.get(field, default)


CATALOGUE: dict[str, EventKind] = {}


def declare(name: str, *fields: str, about: str) -> str:
    """Enter an event kind into the catalogue and return its *name*."""
    known = CATALOGUE.get(name)
    kind = EventKind(name, fields, about)
    if known is not None and known != kind:
        raise HarnessError(f"event kind {name!r} is declared twice, differently")
    CATALOGUE[name] = kind
    return name


class Journal:
    """Writes the events of one flight, numbers them and hashes them as they pass."""

    def __init__(self, now: Callable[[], float], *, stream: IO[str] | None = None) -> None:
        self._now = now
        self._stream = stream
        self._hash = hashlib.sha256()
        self._listeners: list[Callable[[Event], None]] = []
        self.sealed = False
        self.count = 0
        self.events: list[Event] = []
        self.header: Mapping[str, Any] = MappingProxyType({})

    def open(self, header: Mapping[str, Any]) -> None:
        """Write the header: everything that the flight is a function of."""
        self.header = MappingProxyType({"journal": FORMAT, **header})
        self._write(dict(self.header))

    def seal(self) -> None:
        """Take no more events: what is tidied up after a flight is no part of it."""
        self.sealed = True

    def listen(self, listener: Callable[[Event], None]) -> None:
        """Call *listener* with each event from now on (progress, scripted faults)."""
        self._listeners.append(listener)

    def emit(self, what: str, *, who: str, **fields: Any) -> int:
        """Append an event and return its number; the fields must be those declared.

        A sealed journal takes nothing more and returns -1.
        """
        if self.sealed:
            return -1
        kind = CATALOGUE.get(what)
        if kind is None:
            raise HarnessError(f"event kind {what!r} is not declared")
        if not set(fields) <= set(kind.fields):
            odd = ", ".join(sorted(set(fields) - set(kind.fields)))
            raise HarnessError(f"event {what!r} has no field {odd}")
        event = Event(round(self._now(), 6), self.count, who, what, fields)
        self.count += 1
        self.events.append(event)
        self._write({"t": event.t, "n": event.n, "who": who, "what": what, **fields})
        for listener in self._listeners:
            listener(event)
        return event.n

    def identity(self) -> str:
        """Return the SHA-256 of everything written so far."""
        return self._hash.hexdigest()

    def _write(self, record: dict[str, Any]) -> None:
        line = ENCODE(record) + "\n"
        self._hash.update(line.encode("utf-8", "surrogatepass"))
        if self._stream is not None:
            self._stream.write(line)


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield each line of the journal at *path*; a torn last line (a kill) is left out.

    Raises HarnessError, with the line number, for a damaged line that is not the last.
    """
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    for number, line in enumerate(lines, start=1):
        try:
            yield json.loads(line)
        except ValueError as error:
            if number == len(lines):
                return
            raise HarnessError("this line is damaged", where=f"{path}:{number}") from error


def read_journal(path: Path) -> tuple[dict[str, Any], list[Event]]:
    """Return the header and the events of the journal at *path*."""
    lines = read_lines(path)
    header = next(lines, None)
    if header is None:
        raise HarnessError(BEFORE_HEADER, where=str(path))
    return header, [as_event(line) for line in lines]


def as_event(line: Mapping[str, Any]) -> Event:
    """Return one decoded *line* as an event."""
    data = {key: value for key, value in line.items() if key not in ("t", "n", "who", "what")}
    return Event(line["t"], line["n"], line["who"], line["what"], data)
