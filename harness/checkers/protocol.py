"""Pilots call only endpoints that the server has."""

from __future__ import annotations

from harness.checkers._registry import checker
from harness.findings import Finding
from harness.findings import moment
from harness.record import Flight
from simkernel import Event

NAME = "protocol"


@checker(NAME, about="pilots call only endpoints that the server has")
def protocol(flight: Flight) -> list[Finding]:
    """Find calls of unknown endpoints, one finding a path."""
    paths: dict[str, list[Event]] = {}
    for event in flight.of("server.unknown_endpoint"):
        paths.setdefault(str(event["path"]), []).append(event)
    return [_unknown(path, events) for path, events in paths.items()]


def _unknown(path: str, events: list[Event]) -> Finding:
    first = events[0]
    near = first.get("nearest")
    names = near if isinstance(near, str) else ", ".join(map(str, near or ()))
    hint = f"; the nearest known is {names}" if names else ""
    text = f"unknown endpoint {path} called {len(events)} time(s) from {moment(first.t)} on{hint}"
    return Finding(NAME, text, first.t, None, tuple(event.n for event in events[:5]))
