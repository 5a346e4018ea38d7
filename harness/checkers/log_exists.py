"""Each job that its pilot ended has a log on storage.

Forgiven only where the pilot tried and the world stood in the way: an attempt to pack or copy
the log was made, and a fault had struck what it needs. Read from incident INC-103 (the log's
tar fails) and from the protocol reference 5.1 (the log first, then the final state).
"""

from __future__ import annotations

from harness.checkers._copies import Copy
from harness.checkers._copies import copies
from harness.checkers._copies import words_of
from harness.checkers._places import name_of
from harness.checkers._registry import checker
from harness.checkers._shelf import Shelf
from harness.checkers._shelf import shelf
from harness.findings import Finding
from harness.findings import moment
from harness.record import Attempt
from harness.record import Flight

NAME = "log-exists"

# Points of which a fault may keep a log from being packed or stored.
IN_THE_WAY = ("credential.", "door.", "net.", "node.", "storage.", "tool.")


@checker(NAME, about="each job that its pilot ended has a log on storage")
def log_exists(flight: Flight) -> list[Finding]:
    """Find jobs with a final state whose log is missing on storage, or empty."""
    files, tried = shelf(flight), copies(flight)
    logs = {job.job: job.log for job in flight.jobs()}
    return [
        finding
        for attempt in flight.attempts
        if attempt.finals and logs[attempt.job]
        for finding in _missing(flight, attempt, log=logs[attempt.job], files=files, tried=tried)
    ]


def _missing(
    flight: Flight, attempt: Attempt, *, log: str, files: Shelf, tried: dict[str, list[Copy]]
) -> list[Finding]:
    stored = files.get(log, [])
    if any(each.bytes > 0 for each in stored):
        return []
    final = attempt.finals[0]
    mine = [copy for copy in tried.get(log, []) if copy.begin.n > attempt.begin.n]
    if _was_hindered(flight, before=final.n, log=log, has_copies=bool(mine)):
        return []
    fault = "is empty on storage" if stored else "is not on storage"
    text = (
        f"{attempt.name} is {final.state} since {moment(final.t)}, but its log {log} {fault} "
        f"({len(mine)} attempt(s) to copy it)"
    )
    witnesses = (final.n, *(copy.begin.n for copy in mine[:3]))
    return [Finding(NAME, text, final.t, attempt.job, witnesses)]


def _was_hindered(flight: Flight, *, before: int, log: str, has_copies: bool) -> bool:
    struck = any(
        event.n < before and str(event.get("on")).startswith(IN_THE_WAY)
        for event in flight.of("fault.fired")
    )
    return struck and (has_copies or _packing_failed(flight, log))


def _packing_failed(flight: Flight, log: str) -> bool:
    runs = [event for event in flight.of("tool.run") if event.get("code")]
    return any(name_of(word) == log for event in runs for word in words_of(event.get("argv"))[1:])
