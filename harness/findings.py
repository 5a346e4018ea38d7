"""What a checker found, and how times are written in it.

A finding is a claim against the pilot, with the numbers of the events that bear it out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

MINUTE_S = 60
HOUR_S = 3600


@dataclass(frozen=True, slots=True)
class Finding:
    """One violation: *text* says it in full, *at_s* is when it happened (virtual seconds).

    *job* is the job that it is about, if one; *witnesses* are event numbers of the journal;
    *expected* is set by the verdict for what the scenario said would fire.
    """

    checker: str
    text: str
    at_s: float
    job: str | None = None
    witnesses: tuple[int, ...] = ()
    expected: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return the finding as JSON holds it."""
        return {
            "checker": self.checker,
            "text": self.text,
            "at_s": self.at_s,
            "job": self.job,
            "witnesses": list(self.witnesses),
            "expected": self.expected,
        }


def in_order(findings: list[Finding]) -> list[Finding]:
    """Return *findings* as they are shown: by time, then checker, then text."""
    return sorted(findings, key=lambda each: (each.at_s, each.checker, each.text, each.witnesses))


def moment(seconds: float) -> str:
    """Return an instant of the flight as h:mm:ss; days count as hours."""
    whole = int(seconds)
    return f"{whole // HOUR_S}:{whole % HOUR_S // MINUTE_S:02}:{whole % MINUTE_S:02}"


def length(seconds: float) -> str:
    """Return a duration as people say it: '12.5 s', '35 min 20 s', '2 h 5 min'."""
    if seconds < MINUTE_S:
        return f"{seconds:.3g} s"
    whole = round(seconds)
    hours, minutes, rest = whole // HOUR_S, whole % HOUR_S // MINUTE_S, whole % MINUTE_S
    parts = [(hours, "h"), (minutes, "min"), (0 if hours else rest, "s")]
    return " ".join(f"{count} {unit}" for count, unit in parts if count)
