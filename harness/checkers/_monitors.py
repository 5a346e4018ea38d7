"""Memory monitors of processes that are gone, or of one that another one watches.

Read from incident INC-053: prmon was started again and again in stage-out.
"""

from __future__ import annotations

import posixpath

from harness.findings import Finding
from harness.findings import moment
from harness.record import Flight
from harness.record_fields import number_of
from simkernel import Event

MONITOR = "prmon"


def useless_monitors(flight: Flight, name: str) -> list[Finding]:
    """Find the first monitor on each node that has nothing of its own to watch."""
    found: dict[str, Finding] = {}
    gone: set[tuple[str, int]] = set()
    watching: dict[tuple[str, int], Event] = {}
    for event in flight.events:
        if event.what == "process.exit":
            gone.add((event.who, int(event["pid"])))
            watching = {k: e for k, e in watching.items() if e["pid"] != event["pid"]}
        elif _is_beginning(event) and event.who not in found:
            key = (event.who, _watched(event))
            other = watching.get(key)
            if key[1] and key in gone:
                found[event.who] = _finding(event, "which is gone", name)
            elif key[1] and other is not None and other["pid"] != event["pid"]:
                found[event.who] = _finding(event, f"as {other['pid']} did already", name)
            elif key[1] and event.what == "process.start":
                watching[key] = event
    return list(found.values())


def _is_beginning(event: Event) -> bool:
    """Tell whether a program begins: one that ends at once has no other event."""
    return event.what == "process.start" or (event.what == "tool.run" and not event["seconds"])


def _watched(event: Event) -> int:
    """Return the pid that the monitor in *event* was told to watch; 0 if it is none."""
    argv = [str(word) for word in event.get("argv") or ()]
    if not argv or posixpath.basename(argv[0]) != MONITOR or "--pid" not in argv[:-1]:
        return 0
    return number_of(argv[argv.index("--pid") + 1]) or 0


def _finding(event: Event, why: str, name: str) -> Finding:
    text = (
        f"{MONITOR} (process {event['pid']} on {event.who}) was started by {moment(event.t)} to "
        f"watch process {_watched(event)}, {why}"
    )
    return Finding(name, text, event.t, None, (event.n,))
