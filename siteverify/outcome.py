"""What a check says: a status, a reason to grep for, and one line.

A check returns one of these; `siteverify.runner` makes the record of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Optional
from typing import Union

Measured = Union[int, float, str, None]


class Status(str, Enum):
    """How a check ended."""

    PASS = "PASS"
    WARN = "WARN"
    FAIL = "FAIL"
    UNKNOWN = "UNKNOWN"  # the check itself could not tell
    SKIP = "SKIP"  # not applicable here
    BLOCKED = "BLOCKED"  # something that it depends on is broken
    EXEMPT = "EXEMPT"  # broken, known, and forgiven until a date


class Severity(str, Enum):
    """How much a failure matters; a W or I check never gives FAIL, only WARN."""

    CRITICAL = "C"  # the slot is unusable
    ERROR = "E"
    WARNING = "W"
    INFORMATION = "I"


class Owner(str, Enum):
    """Who has to act."""

    SITE = "site"
    VO = "vo"
    CENTRAL = "central"
    USER = "user"
    HARNESS = "harness"


@dataclass(frozen=True)
class Outcome:
    """What one check found. *owner* overrides the owner that the check was registered with."""

    status: Status
    reason_code: str
    summary: str
    measured: Measured = None
    threshold: Measured = None
    unit: str = ""
    details: tuple[str, ...] = ()
    owner: Optional[Owner] = None


def passed(
    summary: str,
    *,
    measured: Measured = None,
    threshold: Measured = None,
    unit: str = "",
    details: tuple[str, ...] = (),
) -> Outcome:
    """Say that all is well."""
    return Outcome(Status.PASS, "OK", summary, measured, threshold, unit, details)


def warned(
    reason_code: str,
    summary: str,
    *,
    measured: Measured = None,
    threshold: Measured = None,
    unit: str = "",
    details: tuple[str, ...] = (),
    owner: Optional[Owner] = None,
) -> Outcome:
    """Say that jobs will run, but that somebody should look."""
    return Outcome(Status.WARN, reason_code, summary, measured, threshold, unit, details, owner)


def failed(
    reason_code: str,
    summary: str,
    *,
    measured: Measured = None,
    threshold: Measured = None,
    unit: str = "",
    details: tuple[str, ...] = (),
    owner: Optional[Owner] = None,
) -> Outcome:
    """Say that jobs will not run well here."""
    return Outcome(Status.FAIL, reason_code, summary, measured, threshold, unit, details, owner)


def unknown(reason_code: str, summary: str, *, owner: Optional[Owner] = None) -> Outcome:
    """Say that the check could not tell."""
    return Outcome(Status.UNKNOWN, reason_code, summary, owner=owner)


def skipped(reason_code: str, summary: str) -> Outcome:
    """Say that the check has no meaning here."""
    return Outcome(Status.SKIP, reason_code, summary)
