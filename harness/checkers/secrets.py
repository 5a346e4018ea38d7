"""No secret in any output: in files that are left behind, nor in what is sent to the server.

The text of a finding names the place and the kind, never the secret. Read from incident INC-075
(proxy and token in logs and in the debug tail).
"""

from __future__ import annotations

import re
from typing import Iterator
from typing import Mapping

from harness.checkers._registry import checker
from harness.findings import Finding
from harness.findings import moment
from harness.record import Flight
from harness.record_fields import mapping
from harness.record_fields import value_of
from simkernel import Event

NAME = "secrets"

PATTERNS: Mapping[str, re.Pattern[str]] = {
    "certificate": re.compile(r"BEGIN (?:[A-Z0-9]+ )*CERTIFICATE"),
    "private key": re.compile(r"BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY"),
    # RFC 6750, section 2.1; shorter words are prose ('Bearer of bad news').
    "bearer token": re.compile(r"\b[Bb]earer\s+[A-Za-z0-9._~+/-]{16,}=*"),
    # RFC 7519: three base64url parts, the first of which begins with '{"'.
    "token": re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}"),
}
DEPTH_LIMIT = 20
# Where jobs have their directories, on a node.
WORK = "work/"


@checker(NAME, about="no proxy, key or token in outputs or in what is sent to the server")
def secrets(flight: Flight) -> list[Finding]:
    """Find leaks reported by the harness's scan, and secrets in requests and updates."""
    found: dict[tuple[str, str, str, str], list[Event]] = {}
    for event in flight.of("http.request", "job.update"):
        pilot, job = _sender(event), _job(event)
        for place, kind in _leaks(event.get("fields"), ""):
            found.setdefault((pilot, job, place or "body", kind), []).append(event)
    return _left_behind(flight) + [_sent(*key, events) for key, events in found.items()]


def _left_behind(flight: Flight) -> list[Finding]:
    gone = flight.departures
    # Who is killed cannot take away what a payload needed; what he printed stays his doing.
    killed = {name for name, departure in gone.items() if departure.killed}
    return [
        Finding(
            NAME,
            f"{event.who} left a secret ({event['kind']}) in {event['file']}",
            event.t,
            None,
            (event.n,),
        )
        for event in flight.of("output.leak")
        if event.who not in killed or not str(event["file"]).startswith(WORK)
    ]


def _sent(pilot: str, job: str, place: str, kind: str, events: list[Event]) -> Finding:
    first = events[0]
    about = f" of job {job}" if job else ""
    text = f"{pilot} sent a secret ({kind}) in field {place}{about} at {moment(first.t)}"
    return Finding(NAME, text, first.t, job or None, tuple(event.n for event in events[:5]))


def _sender(event: Event) -> str:
    return event.who if event.what == "http.request" else str(event.get("pilot"))


def _job(event: Event) -> str:
    job = event.get("job") or value_of(mapping(event.get("fields")), "job")
    return str(job or "")


def _leaks(value: object, place: str, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Yield the place and the kind of each secret in *value*, however deep it lies."""
    if depth > DEPTH_LIMIT:
        return
    if isinstance(value, str):
        for kind, pattern in PATTERNS.items():
            if pattern.search(value):
                yield place, kind
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _leaks(inner, f"{place}.{name}" if place else str(name), depth + 1)
    elif isinstance(value, (list, tuple)):
        for number, inner in enumerate(value):
            yield from _leaks(inner, f"{place}[{number}]", depth + 1)
