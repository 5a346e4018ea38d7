"""The table that ``flightsim run`` prints: one line a flight, as soon as it is over.

In a terminal it has a heading and colours; in a pipe it is the same lines, plain. NO_COLOR
(https://no-color.org) and FORCE_COLOR are honoured.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import IO
from typing import Iterable
from typing import Mapping
from typing import Sequence

from reports.wording import MARKS
from reports.wording import Verdict
from reports.wording import duration_text
from reports.wording import jobs_text
from reports.wording import name_of
from reports.wording import violations_text

COLOURS = {"pass": "32", "unknown": "33", "fail": "31", "broken": "35", "heading": "2"}
HEADING = ("verdict", "scenario", "pilot", "seed", "virtual", "wall", "jobs", "violations")
RIGHT = (False, False, False, True, True, True, False, False)
MARK_WIDTH = max(len(word) for word in (*MARKS.values(), HEADING[0]))
TIME_WIDTH = len("999h59m59s")
JOBS_WIDTH = len("finished")

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


@dataclass(frozen=True, slots=True)
class Table:
    """Column widths, known before the first flight is over, and whether to use colours."""

    widths: tuple[int, ...]
    colours: bool = False

    def heading(self) -> str:
        """Return the line above the first row."""
        return paint(self._line(HEADING), "heading", colours=self.colours)

    def row(self, verdict: Verdict) -> str:
        """Return the line of one flight."""
        state = str(verdict["state"])
        line = self._line(
            (
                MARKS[state],
                name_of(verdict),
                str(verdict["pilot"]),
                str(verdict["seed"]),
                duration_text(verdict["virtual_s"]),
                f"{verdict['wall_s']:.1f}s",
                jobs_text(verdict),
                violations_text(verdict),
            )
        )
        mark = len(MARKS[state])
        return paint(line[:mark], state, colours=self.colours) + line[mark:]

    def _line(self, cells: Iterable[str]) -> str:
        columns = zip(cells, self.widths, RIGHT, strict=True)
        aligned = (_aligned(one_line(cell), width, right) for cell, width, right in columns)
        return "  ".join(aligned).rstrip()


def table(flights: Iterable[tuple[str, str, int]], *, colours: bool = False) -> Table:
    """Return the table for *flights*: the scenario, pilot and seed of each to come."""
    planned = [tuple(map(str, flight)) for flight in flights]
    names = (
        max((len(flight[at]) for flight in planned), default=0) for at in range(len(HEADING[1:4]))
    )
    named = (max(width, len(title)) for width, title in zip(names, HEADING[1:4], strict=True))
    return Table((MARK_WIDTH, *named, TIME_WIDTH, len("999.9s"), JOBS_WIDTH, 0), colours)


def rendered(verdicts: Sequence[Verdict], *, colours: bool = False) -> str:
    """Return the whole table of *verdicts* that are already there."""
    flights = [(name_of(each), each["pilot"], each["seed"]) for each in verdicts]
    form = table(flights, colours=colours)
    return "\n".join([form.heading(), *(form.row(each) for each in verdicts)])


def wants_colours(stream: IO[str], environment: Mapping[str, str]) -> bool:
    """Tell whether to use colours on *stream*."""
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return True
    return stream.isatty() and environment.get("TERM") != "dumb"


def paint(text: str, state: str, *, colours: bool) -> str:
    """Return *text* in the colour of *state*."""
    return f"\x1b[{COLOURS[state]}m{text}\x1b[0m" if colours else text


def one_line(text: str) -> str:
    """Return *text* without line breaks or control characters, whoever wrote it."""
    return _CONTROL.sub(" ", text)


def _aligned(text: str, width: int, right: bool) -> str:
    return text.rjust(width) if right else text.ljust(width)
