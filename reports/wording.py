"""Words that every report shares: how a duration, a verdict, its jobs and its findings are said."""

from __future__ import annotations

from collections import Counter
from typing import Any
from typing import Mapping

Verdict = Mapping[str, Any]

# From the best to the worst; the position also ranks them.
STATES = ("pass", "unknown", "fail", "broken")
MARKS = {"pass": "pass", "unknown": "unknown", "fail": "FAIL", "broken": "BROKEN"}


def duration_text(seconds: float) -> str:
    """Return *seconds*, to the second, as a scenario would write it: ``2h01m30s``, ``45s``."""
    whole = round(abs(seconds))
    sign = "-" if seconds < 0 < whole else ""
    hours, minutes = whole // 3600, whole % 3600 // 60
    if hours:
        return f"{sign}{hours}h{minutes:02}m{whole % 60:02}s"
    if minutes:
        return f"{sign}{minutes}m{whole % 60:02}s"
    return f"{sign}{whole}s"


def count_text(count: int, noun: str) -> str:
    """Return *count* of *noun*: ``1 flight``, ``3 flights``."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def name_of(verdict: Verdict) -> str:
    """Return the scenario's full name, its variant in brackets if it is one."""
    name, variant = str(verdict["scenario"]), verdict.get("variant")
    return f"{name}[{variant}]" if variant and not name.endswith("]") else name


def jobs_text(verdict: Verdict) -> str:
    """Return the final states of a flight's jobs: ``finished``, ``1 finished, 2 failed``."""
    states = Counter(str(state) for state in verdict.get("jobs", {}).values())
    if not states:
        return "no job"
    if states.total() == 1:
        return next(iter(states))
    return ", ".join(f"{count} {state}" for state, count in sorted(states.items()))


def violations(verdict: Verdict) -> list[Mapping[str, Any]]:
    """Return the findings that count against the pilot: those that the scenario did not expect."""
    return [each for each in verdict.get("findings", ()) if not each.get("expected")]


def violations_text(verdict: Verdict) -> str:
    """Return what went wrong in a few words: checkers that fired, then unmet expectations."""
    fired = Counter(str(each["checker"]) for each in violations(verdict))
    words = [name if count == 1 else f"{name} ×{count}" for name, count in sorted(fired.items())]
    unmet = len(verdict.get("unmet", ()))
    if unmet:
        words.append(f"{unmet} unmet")
    if not words and verdict.get("state") in ("unknown", "broken"):
        words = [last_line(str(note)) for note in verdict.get("notes", ())][:1]
    return ", ".join(words)


def worst(verdicts: list[Verdict]) -> str:
    """Return the worst state of *verdicts*; pass if there is none."""
    return max((str(each["state"]) for each in verdicts), key=STATES.index, default="pass")


def last_line(note: str) -> str:
    """Return *note*, but of a traceback only its last line, which says most."""
    return note.strip().splitlines()[-1] if note.startswith("Traceback") else note
