"""One line for Nagios and its heirs: state, the worst first, performance data.

Exit codes are theirs, not ours: 0 OK, 1 WARNING (strict or not), 2 CRITICAL, 3 UNKNOWN.
"""

from __future__ import annotations

from siteverify.outcome import Status
from siteverify.results import EXIT_FAIL
from siteverify.results import EXIT_OK
from siteverify.results import EXIT_UNKNOWN
from siteverify.results import EXIT_WARN
from siteverify.results import RunRecord
from siteverify.results import exit_code

NAMES = {EXIT_OK: "OK", EXIT_WARN: "WARNING", EXIT_FAIL: "CRITICAL", EXIT_UNKNOWN: "UNKNOWN"}
WORST_FIRST = (Status.FAIL, Status.UNKNOWN, Status.WARN)
SHOWN = 5


def nagios_code(record: RunRecord) -> int:
    """Return the exit code that a Nagios plug-in would have."""
    return exit_code(record, strict=True)


def render(record: RunRecord, *, strict: bool = False) -> str:  # noqa: ARG001
    """Return the line; *strict* changes nothing, Nagios has a state for warnings."""
    counts = record.counts()
    text = f"SITEVERIFY {NAMES[nagios_code(record)]} - {_worst(record)}"
    values = [f"total={len(record.results)}"]
    values += [f"{status.value.lower()}={counts[status]}" for status in Status]
    values.append(f"duration={record.duration_s:.3f}s")
    return f"{text.replace('|', '/')} | {' '.join(values)}\n"


def _worst(record: RunRecord) -> str:
    found = [
        f"{result.check_id} {result.reason_code}"
        for status in WORST_FIRST
        for result in record.results
        if result.status is status
    ]
    if not found:
        return f"{len(record.results)} checks"
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return ", ".join(found[:SHOWN]) + more
