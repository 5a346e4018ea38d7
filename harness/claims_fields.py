"""What a scenario claims of the fields of a job's last word: of numbers, and of texts.

A claim is a pattern of the shell (``*timed out*``, upper and lower case are one) or a range of
numbers (``1..8``), or several of them; a field that was not sent is the empty text.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import Any
from typing import Mapping

from harness.record import JobView
from harness.record_fields import SPELLINGS
from harness.record_fields import value_of

RANGE = re.compile(r"(-?\d+(?:\.\d+)?)\.\.(-?\d+(?:\.\d+)?)")
SHOWN_MAX = 80


def unmet_fields(jobs: list[JobView], wanted: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return in words which of *wanted* (name -> patterns and ranges) the final updates lack."""
    return [
        f"job {job.job} ended with {name} {said!r:.{SHOWN_MAX}}, expected {_one_of(patterns)}"
        for job in jobs
        for name, patterns in wanted.items()
        if not any(fits(_said(job, name), pattern) for pattern in patterns)
        for said in [_said(job, name)]
    ]


def _one_of(patterns: tuple[str, ...]) -> str:
    return " or ".join(pattern or "nothing" for pattern in patterns)


def fits(said: str, pattern: str) -> bool:
    """Tell whether the text *said* fits *pattern*, a range of numbers or a pattern of texts."""
    bounds = RANGE.fullmatch(pattern)
    if bounds is None:
        return fnmatchcase(said.lower(), pattern.lower())
    try:
        return float(bounds[1]) <= float(said) <= float(bounds[2])
    except ValueError:
        return False


def _said(job: JobView, name: str) -> str:
    sends = [send for attempt in job.attempts for send in attempt.finals]
    # Another pilot than the one that got the job may have had the last word.
    value = _field(sends[-1].fields if sends else job.last_words, name)
    return "" if value is None else str(value)


def _field(fields: Mapping[str, Any], name: str) -> Any:
    return value_of(fields, name) if name in SPELLINGS else fields.get(name)
