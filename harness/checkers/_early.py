"""Jobs of which 'running' is said before anything runs.

Read from incident INC-057: a state that was told before the process was there could not be taken
back when it failed to start. A little before is no matter: the set-up of a payload takes time.
"""

from __future__ import annotations

from harness.findings import Finding
from harness.findings import length
from harness.findings import moment
from harness.record import Attempt
from harness.record import Flight

# The set-up of a release from a cold /cvmfs is done within that.
EARLY_LIMIT_S = 120.0


def told_early(flight: Flight, name: str) -> list[Finding]:
    """Find attempts that were 'running' long before their payload began."""
    begins = {flight.job_of(e["job"]): e for e in reversed(flight.of("payload.start"))}
    found = []
    for attempt in flight.attempts:
        begin = begins.get(attempt.job)
        first = next((send for send in attempt.sends if send.state == "running"), None)
        if begin is None or first is None or begin.t - first.t <= EARLY_LIMIT_S:
            continue
        found.append(_finding(attempt, first.t, begin.t, (first.n, begin.n), name))
    return found


def _finding(
    attempt: Attempt, told_s: float, began_s: float, witnesses: tuple[int, int], name: str
) -> Finding:
    text = (
        f"{attempt.name}: 'running' was sent at {moment(told_s)}, {length(began_s - told_s)} "
        f"before the payload began (limit {length(EARLY_LIMIT_S)})"
    )
    return Finding(name, text, told_s, attempt.job, witnesses)
