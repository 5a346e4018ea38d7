"""Where in a pilot's own code its failure lies, read from what the pilot wrote.

A pilot that breaks down says so with a traceback, in its output. The first one that ends in the
pilot's own code is taken: what follows is mostly a consequence. Not modelled: failures without a
traceback, whose reason is what the checkers found.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

# The pilot's code lies in the folder pilot of the guest's root (see harness/grounds.py).
FRAME = re.compile(
    r'^\s*File "(?:/srv|/tmp/flightsim\.\d\d)/pilot/(?P<file>[^"]+)", line (?P<line>\d+)'
)
BEGIN = "Traceback (most recent call last):"
OUTCOME = re.compile(r"^(?P<kind>[A-Za-z_][\w.]*)(: (?P<text>.*))?$")
# What pilot3 says when an exception has ended one of its threads (pilot/common/exception.py).
FATAL_BEFORE = "caught by thread run() function"
FATAL_BEHIND = "has been put in bucket queue"
SAID_MAX = 200


@dataclass(frozen=True, slots=True)
class Blame:
    """One place of a pilot's code: *file* below its root, *line*, *code*; and what was *said*."""

    file: str
    line: int
    code: str
    said: str

    @property
    def text(self) -> str:
        """Return it as one line."""
        return f"{self.file}:{self.line}: {self.said}"


def blame_of(output: Path) -> Blame | None:
    """Return where the pilot that wrote *output* broke down; None if it does not say."""
    try:
        lines = output.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    found = [_traceback(lines, at) for at, line in enumerate(lines) if line.endswith(BEGIN)]
    whole = [each for each in found if each is not None]
    fatal = [each for each, is_fatal in whole if is_fatal]
    return next(iter(fatal or [each for each, _ in whole]), None)


def _traceback(lines: list[str], begin: int) -> tuple[Blame, bool] | None:
    """Return the place that a traceback ends in, and whether it ended a thread or the pilot."""
    place, code, at = None, "", begin + 1
    while at < len(lines) and (lines[at].startswith(" ") or not lines[at].strip()):
        found = FRAME.match(lines[at])
        if found is not None:
            place, code = found, lines[at + 1].strip() if at + 1 < len(lines) else ""
        at += 1
    outcome = OUTCOME.match(lines[at]) if at < len(lines) else None
    if place is None or outcome is None:
        return None
    code = "" if code.startswith("File ") else code
    blame = Blame(place["file"], int(place["line"]), code, lines[at][:SAID_MAX])
    return blame, _is_fatal(lines, begin, at)


def _is_fatal(lines: list[str], begin: int, end: int) -> bool:
    if end == len(lines) - 1:  # these were its last words
        return True
    before, behind = lines[max(0, begin - 2) : begin], lines[end + 1 : end + 5]
    return any(FATAL_BEFORE in line for line in before) or any(
        FATAL_BEHIND in line for line in behind
    )
