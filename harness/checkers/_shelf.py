"""What lies on storage at the end of a flight, replayed from its writes and deletions."""

from __future__ import annotations

from dataclasses import dataclass

from harness.checkers._places import name_of
from harness.checkers._places import path_of
from harness.checkers._places import same_path
from harness.record import Flight


@dataclass(frozen=True, slots=True)
class Stored:
    """One file on storage: where, how much, and the event *n* that put it there at *t*."""

    endpoint: str
    path: str
    bytes: int
    adler32: str
    t: float
    n: int


Shelf = dict[str, list[Stored]]


def shelf(flight: Flight) -> Shelf:
    """Return the files that are on storage at the end, by file name."""
    kept: dict[tuple[str, str], Stored] = {}
    for event in flight.of("storage.write", "storage.delete"):
        place = (str(event["endpoint"]), path_of(event["path"]))
        kept.pop(place, None)
        if event.what == "storage.write":
            size, checksum = int(event["bytes"]), plain_adler32(event.get("adler32"))
            kept[place] = Stored(*place, size, checksum, event.t, event.n)
    found: Shelf = {}
    for stored in kept.values():
        found.setdefault(name_of(stored.path), []).append(stored)
    return found


def at_place(files: Shelf, *, place: str, endpoint: str, lfn: str) -> Stored | None:
    """Return the file that a catalogue means by *place* (SURL or path) at *endpoint*.

    A file at the same place under another endpoint's name is returned if there is no better.
    """
    path = path_of(place) if place else f"/{lfn}"
    there = [each for each in files.get(name_of(path), []) if same_path(each.path, path)]
    there.sort(key=lambda each: (each.endpoint != endpoint, each.n))
    return there[0] if there else None


def plain_adler32(value: object) -> str:
    """Return a checksum as eight small hexadecimal digits, without 'ad:'; empty if unknown."""
    text = str(value or "").lower().removeprefix("ad:").removeprefix("0x")
    return text.zfill(8) if text else ""
