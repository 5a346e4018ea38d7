"""Pilots beside each other: what each did in the same scenario, and where they differ.

Each flight becomes a profile of aspects. Two profiles are compared aspect by aspect; a
difference may be explained in a file that people write:

    [[difference]]
    scenario = "hanging-transfer"      # * and ? as in file names; "*" if left out
    pilot    = ["3.7.*", "3.11.*"]     # any of several
    aspect   = "order"                 # or "requests update_job"
    whose    = "pilot3"
    because  = "xrdcp has no time limit of its own (copytool/xrdcp.py)"
"""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Iterable
from typing import Mapping
from typing import Sequence

from harness.phases import END
from harness.phases import phases_of
from harness.record import Flight
from simkernel import ScenarioError

VERDICT, STATE, ERROR, EXIT = "verdict", "state", "error", "exit code"
ORDER, REQUESTS, TIME = "order", "requests", "time"
ASPECTS = (VERDICT, STATE, ERROR, EXIT, ORDER, REQUESTS, TIME)
# Seconds, and the share, by which times may differ without anybody's taking notice.
SAME_S, SAME_SHARE = 120.0, 0.05
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Profile:
    """What one pilot did in one scenario: a text for each aspect but the requests.

    *requests* is how often it asked each endpoint, *seconds* the time to its last word.
    """

    scenario: str
    pilot: str
    texts: Mapping[str, str]
    requests: Mapping[str, int]
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why pilots differ, as somebody found out; the first three are patterns, any of which."""

    scenario: tuple[str, ...]
    pilot: tuple[str, ...]
    aspect: tuple[str, ...]
    whose: str
    because: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One aspect in which *pilot* does not do what the first pilot does."""

    scenario: str
    pilot: str
    aspect: str
    first: str
    other: str
    explained: Explanation | None


def profile_of(flight: Flight, *, scenario: str, pilot: str, verdict: str) -> Profile:
    """Return the profile of *flight*, which ended with *verdict*."""
    seconds = _seconds_to_final(flight)
    jobs = flight.jobs()
    texts = {
        VERDICT: verdict,
        STATE: _counted(view.state for view in jobs),
        ERROR: _counted(str(view.pilot_error_code) for view in jobs if view.pilot_error_code),
        EXIT: _counted(_exit(each.code, each.signal) for each in flight.departures.values()),
        ORDER: _order(flight),
        TIME: NOTHING if seconds is None else f"{seconds:.0f} s",
    }
    return Profile(scenario, pilot, texts, _requests(flight), seconds)


def differences(
    first: Profile, other: Profile, explanations: Sequence[Explanation]
) -> list[Difference]:
    """Return the aspects in which *other* differs from *first*, each with its explanation.

    Requests are told by endpoint, as ``requests update_job``.
    """
    told = [
        (aspect, first.texts[aspect], other.texts[aspect])
        for aspect in first.texts
        if not _agree(first, other, aspect)
    ]
    for endpoint in sorted({*first.requests, *other.requests}):
        ours, theirs = (each.requests.get(endpoint, 0) for each in (first, other))
        if ours != theirs:
            told.append((f"{REQUESTS} {endpoint}", str(ours), str(theirs)))
    return [
        Difference(
            first.scenario,
            other.pilot,
            *row,
            _explained(explanations, first.scenario, other.pilot, row[0]),
        )
        for row in told
    ]


def read_explanations(path: Path) -> list[Explanation]:
    """Return the explanations in the file at *path*. Raises ScenarioError for what is wrong."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8")).get("difference", [])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ScenarioError(f"cannot be read: {error}", where=str(path)) from error
    if not isinstance(tables, list):
        raise ScenarioError("write [[difference]], with two brackets", where=str(path))
    return [_explanation(row, f"{path}, difference {n}") for n, row in enumerate(tables, start=1)]


def _explanation(row: object, where: str) -> Explanation:
    if not isinstance(row, dict):
        raise ScenarioError("is no table", where=where)
    patterns = {key: _patterns(row.get(key, "*")) for key in ("scenario", "pilot", "aspect")}
    words = {key: str(row.get(key, "")).strip() for key in ("whose", "because")}
    odd = sorted(set(row) - set(patterns) - set(words))
    missing = [key for key, word in words.items() if not word]
    if odd or missing:
        what = f"unknown key {odd[0]!r}" if odd else f"says nothing in {missing[0]!r}"
        remedy = "the keys are scenario, pilot, aspect, whose, because"
        raise ScenarioError(what, where=where, remedy=remedy)
    for pattern in patterns["aspect"]:
        if not any(_is_of(pattern, aspect) for aspect in ASPECTS):
            what = f"no aspect is called {pattern!r}"
            raise ScenarioError(what, where=where, remedy=f"there are {', '.join(ASPECTS)}")
    return Explanation(
        patterns["scenario"],
        patterns["pilot"],
        patterns["aspect"],
        words["whose"],
        words["because"],
    )


def _patterns(given: object) -> tuple[str, ...]:
    return tuple(map(str, given)) if isinstance(given, list) else (str(given),)


def _is_of(pattern: str, aspect: str) -> bool:
    return fnmatchcase(aspect, pattern) or pattern.startswith(f"{REQUESTS} ")


def _explained(
    explanations: Iterable[Explanation], scenario: str, pilot: str, aspect: str
) -> Explanation | None:
    for each in explanations:
        pairs = ((scenario, each.scenario), (pilot, each.pilot), (aspect, each.aspect))
        if all(_fits(name, patterns) for name, patterns in pairs):
            return each
    return None


def _fits(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name, _literal(pattern)) for pattern in patterns)


def _literal(pattern: str) -> str:
    # The brackets of a variant, as in sigterm[stage-in], are meant as they are written.
    return pattern.replace("[", "[[]")


def _agree(first: Profile, other: Profile, aspect: str) -> bool:
    if aspect != TIME or first.seconds is None or other.seconds is None:
        return first.texts[aspect] == other.texts[aspect]
    apart = abs(first.seconds - other.seconds)
    return apart <= max(SAME_S, SAME_SHARE * first.seconds)


def _counted(words: Iterable[str]) -> str:
    counts = Counter(words)
    told = (f"{word} ×{count}" if count > 1 else word for word, count in sorted(counts.items()))
    return ", ".join(told) or NOTHING


def _exit(code: int | None, signal: int) -> str:
    return f"signal {signal}" if signal else str(code)


def _order(flight: Flight) -> str:
    """Return the phases of each pilot in the order in which it entered them."""
    entered: dict[str, list[str]] = {}
    for step in phases_of(flight.events):
        if step.phase != END:
            entered.setdefault(step.pilot, []).append(step.phase)
    return " | ".join(" ".join(phases) for phases in entered.values()) or NOTHING


def _requests(flight: Flight) -> Mapping[str, int]:
    asked = flight.of("http.request")
    return Counter(str(event.get("endpoint") or event.get("path")) for event in asked)


def _seconds_to_final(flight: Flight) -> float | None:
    """Return the time from the first job handed out to the last word said of any."""
    begun = [event.t for event in flight.of("job.dispatched")]
    finals = [send.t for attempt in flight.attempts for send in attempt.finals]
    return max(finals) - begun[0] if begun and finals else None
