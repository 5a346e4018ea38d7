"""Which events belong to the copying of a file, found by the file's name.

A copy is seen by the transfer, by what the storage element wrote, by the run of a copy tool
whose arguments name the file, or by an HTTP PUT of the pilot's own.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import Iterable

from harness.checkers._places import name_of
from harness.record import Flight
from simkernel import Event

# The copy tools of pilot 1 and pilot3 (pilot3@a090538b:pilot/copytool, seed systems P03).
COPY_TOOLS = (
    "aria2c",
    "arccp",
    "cp",
    "curl",
    "davix-get",
    "davix-put",
    "dccp",
    "gfal-copy",
    "globus-url-copy",
    "lcg-cp",
    "lcg-cr",
    "lsm-get",
    "lsm-put",
    "mv",
    "rucio",
    "srmcp",
    "xrdcp",
)


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy of one file as the journal shows it; *code* is None where it says none."""

    begin: Event
    end: Event | None
    code: int | None


def copies(flight: Flight) -> dict[str, list[Copy]]:
    """Return the copies of each file, by its name without folders, in order of their begin."""
    found: dict[str, list[Copy]] = {}
    for names, copy in (*_transfers(flight), *_writes(flight), *_runs(flight), *_puts(flight)):
        for name in dict.fromkeys(names):
            found.setdefault(name, []).append(copy)
    for same in found.values():
        same.sort(key=lambda copy: copy.begin.n)
    return found


def tool_of(argv: object) -> str:
    """Return the copy tool that a command line runs; empty if it is none."""
    words = words_of(argv)
    tool = posixpath.basename(words[0]) if words else ""
    return tool if tool in COPY_TOOLS else ""


def words_of(argv: object) -> list[str]:
    """Return the words of a command line, given as a list or as one text."""
    if isinstance(argv, str):
        return argv.split()
    return [str(word) for word in argv] if isinstance(argv, Iterable) else []


Named = tuple[list[str], Copy]


def _transfers(flight: Flight) -> list[Named]:
    ends = {str(event["id"]): event for event in flight.of("transfer.end")}
    found = []
    for begin in flight.of("transfer.begin"):
        end = ends.get(str(begin["id"]))
        code = None if end is None else end.get("code")
        names = [name_of(begin.get("source")), name_of(begin.get("target"))]
        found.append((names, Copy(begin, end, code)))
    return found


def _writes(flight: Flight) -> list[Named]:
    return [
        ([name_of(event["path"])], Copy(event, event, 0)) for event in flight.of("storage.write")
    ]


def _runs(flight: Flight) -> list[Named]:
    found = []
    for event in flight.of("tool.run"):
        if tool_of(event.get("argv")):
            names = [name_of(word) for word in words_of(event["argv"])[1:]]
            found.append((names, Copy(event, event, event.get("code"))))
    return found


def _puts(flight: Flight) -> list[Named]:
    ends = {(e.who, str(e.get("id"))): e for e in flight.of("http.answer", "http.lost")}
    found = []
    for event in flight.of("http.request"):
        if event.get("method") == "PUT":
            end = ends.get((event.who, str(event.get("id"))))
            status = None if end is None else end.get("status")
            code = None if status is None else int(status >= 300)
            found.append(([name_of(event.get("path"))], Copy(event, end, code)))
    return found
