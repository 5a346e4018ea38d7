"""The record of a run: one result per check, and what they add up to.

Plain data: every renderer reads this and nothing else. Instants are POSIX seconds, durations
seconds of the monotonic function that the run was given.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Optional

from siteverify.catalogue import Remedy
from siteverify.outcome import Measured
from siteverify.outcome import Owner
from siteverify.outcome import Severity
from siteverify.outcome import Status

SCHEMA_VERSION = 1
SUITE_VERSION = "1.0"
SUMMARY_LIMIT = 120

EXIT_OK = 0
EXIT_WARN = 1  # warnings only, and only where the caller was strict
EXIT_FAIL = 2
EXIT_UNKNOWN = 3
EXIT_USAGE = 4


@dataclass(frozen=True)
class Evidence:
    """One question that a check asked: *code* is an exit code or an HTTP status."""

    what: str
    seconds: float
    code: Optional[int] = None
    stdout_tail: str = ""
    stderr_tail: str = ""
    error: str = ""


@dataclass(frozen=True)
class Exemption:
    """A failure that is known and forgiven until *expires* (POSIX seconds)."""

    check_id: str
    reason: str
    owner: str
    expires: float


@dataclass(frozen=True)
class Result:
    """What one check found, with all that is needed to act on it."""

    check_id: str
    version: int
    title: str
    status: Status
    severity: Severity
    owner: Owner
    vantage: str
    reason_code: str
    summary: str
    started_at: float
    duration_s: float
    measured: Measured = None
    threshold: Measured = None
    unit: str = ""
    details: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    remedy: Optional[Remedy] = None
    depends_on: tuple[str, ...] = ()
    blocked_by: str = ""  # the first cause, not the nearest
    exemption: Optional[Exemption] = None


@dataclass(frozen=True)
class RunRecord:
    """A whole run."""

    profile: str
    vantage: str
    host: str
    site: str
    queue: str
    batch_id: str
    catalogue_hash: str
    started_at: float
    finished_at: float
    duration_s: float
    results: tuple[Result, ...]
    suite_version: str = SUITE_VERSION
    schema_version: int = SCHEMA_VERSION

    def counts(self) -> dict[Status, int]:
        """Return how many results are in each status, zeros included."""
        tally = Counter(result.status for result in self.results)
        return {status: tally[status] for status in Status}


def exit_code(record: RunRecord, *, strict: bool = False) -> int:
    """Return 2 for any FAIL, else 3 for any UNKNOWN, else 1 for a WARN if *strict*, else 0.

    BLOCKED adds nothing: what blocked it is itself a FAIL or an UNKNOWN, unless it is exempt.
    """
    counts = record.counts()
    if counts[Status.FAIL]:
        return EXIT_FAIL
    if counts[Status.UNKNOWN]:
        return EXIT_UNKNOWN
    if counts[Status.WARN] and strict:
        return EXIT_WARN
    return EXIT_OK
