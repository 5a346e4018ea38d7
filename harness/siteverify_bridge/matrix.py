"""Checks × faults: every check fails on its own fault, and on no other.

    python -m harness.siteverify_bridge.matrix [--site BNL_ITB] [--markdown]

One fresh world a row, all checks in it. A cell is right if the checks that the row names complain,
those that declare a dependency on one that failed are blocked, and all others pass.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import Iterable
from typing import Mapping
from typing import Sequence

from harness.scenario import FaultPlan
from harness.siteverify_bridge.rows import NARROW
from harness.siteverify_bridge.rows import ROWS
from harness.siteverify_bridge.rows import Row
from harness.siteverify_bridge.vantage import NodeVantage
from harness.siteverify_bridge.world import Place
from harness.siteverify_bridge.world import find_place
from harness.siteverify_bridge.world import settings_for
from harness.siteverify_bridge.world import small_world
from siteverify import Result
from siteverify import Status
from siteverify import run_checks
from siteverify.checks import CHECKS

SITE = "BNL_ITB"
MARKS: Mapping[Status, str] = {
    Status.PASS: ".",
    Status.FAIL: "F",
    Status.WARN: "W",
    Status.UNKNOWN: "U",
    Status.BLOCKED: "b",
    Status.SKIP: "-",
    Status.EXEMPT: "e",
}
LEGEND = ". pass, F fail, W warn, U unknown, b blocked by what it depends on, - skipped, ! wrong"
COMPLAINTS = (Status.FAIL, Status.WARN, Status.UNKNOWN)
BLOCKING = (Status.FAIL, Status.UNKNOWN)
CHECK_WIDTH = 24
Found = Mapping[str, Result]


@dataclass(frozen=True, slots=True)
class Line:
    """What all checks *found* where the fault of *row* was loose."""

    row: Row
    found: Found

    def mark(self, check: str) -> str:
        """Return the character of a cell; one that is not as it should be is marked so."""
        return MARKS[self.found[check].status] if self.is_right(check) else "!"

    def is_right(self, check: str) -> bool:
        """Tell whether *check* says what it has to."""
        result = self.found[check]
        if check == self.row.check:
            return result.status in COMPLAINTS and result.reason_code == self.row.reason
        if check in self.row.also:
            return result.status in COMPLAINTS
        if self._is_cut_off(check):
            return result.status is Status.BLOCKED and result.blocked_by in self._broken
        return result.status is Status.PASS

    def _is_cut_off(self, check: str) -> bool:
        """Tell whether *check* depends on one that is broken here, directly or not."""
        return any(
            (needed in self._broken and self.found[needed].status in BLOCKING)
            or self._is_cut_off(needed)
            for needed in CHECKS[check].depends_on
        )

    @property
    def _broken(self) -> tuple[str, ...]:
        return (self.row.check, *self.row.also)

    @property
    def wrong(self) -> list[str]:
        """Return the checks that do not say what they have to."""
        return [check for check in self.found if not self.is_right(check)]


def look(place: Place, faults: Iterable[FaultPlan] = ()) -> Found:
    """Run all checks at *place* in a fresh world with *faults*; return the results by check."""
    with small_world(place, tuple(faults)) as world:
        record = run_checks(NodeVantage(world), settings_for(place))
    return {result.check_id: result for result in record.results}


def matrix(place: Place, rows: Iterable[Row] = ROWS) -> list[Line]:
    """Return one line for each of *rows*."""
    return [Line(row, look(place, [row.fault])) for row in rows]


def as_text(lines: Sequence[Line]) -> str:
    """Return *lines* for a terminal: a row a fault, a character a check."""
    narrow = [line for line in lines if line.row in NARROW]
    others = [line for line in lines if line.row not in NARROW]
    text = [f"Columns: the checks of rows 1 to {len(CHECKS)}. {LEGEND}", "", *_header()]
    text += [_text_line(str(number), line) for number, line in enumerate(narrow, 1)]
    text += ["", *(_text_line("", line) for line in others), "", verdict(lines)]
    return "\n".join(text) + "\n"


def _header() -> list[str]:
    numbers = range(1, len(CHECKS) + 1)
    indent = " " * (CHECK_WIDTH + 4)
    tens = "".join(str(number // 10) if number >= 10 else " " for number in numbers)
    return [indent + tens, indent + "".join(str(number % 10) for number in numbers)]


def _text_line(number: str, line: Line) -> str:
    cells = "".join(line.mark(check) for check in CHECKS)
    return f"{number:>2} {line.row.check:{CHECK_WIDTH}} {cells} {line.row.label}: {_said(line)}"


def _said(line: Line) -> str:
    return line.found[line.row.check].reason_code


def as_markdown(lines: Sequence[Line]) -> str:
    """Return *lines* as a table of Markdown, the cells of a row in one column."""
    head = ["| | check | fault | says | all checks |", "|--:|---|---|---|---|"]
    body = [
        f"| {number} | {line.row.check} | {line.row.label} "
        f"| {line.found[line.row.check].status.value} {_said(line)} "
        f"| `{''.join(line.mark(check) for check in CHECKS)}` |"
        for number, line in enumerate(lines, 1)
    ]
    notes = ["", f"Characters stand for the checks of rows 1 to {len(CHECKS)}: {LEGEND}."]
    return "\n".join([*head, *body, *notes, "", verdict(lines)]) + "\n"


def verdict(lines: Sequence[Line]) -> str:
    """Return one line that says whether every cell is right, and which are not."""
    wrong = [f"{line.row.label} -> {check}" for line in lines for check in line.wrong]
    size = f"{len(lines)} faults × {len(CHECKS)} checks"
    if wrong:
        return f"WRONG: {size}: {len(wrong)} cells are not as they should be: {'; '.join(wrong)}"
    return f"RIGHT: {size}: every check notices its own faults, and no check any other."


def main(arguments: Sequence[str] | None = None, *, rows: Iterable[Row] = ROWS) -> int:
    """Print the matrix; return 1 if a cell is wrong."""
    parser = argparse.ArgumentParser(prog="matrix", description="Checks × faults.")
    parser.add_argument("--site", default=SITE, help="a site of the catalogue, or a queue")
    parser.add_argument("--markdown", action="store_true", help="print a table of Markdown")
    given = parser.parse_args(arguments)
    lines = matrix(find_place(given.site), rows)
    print((as_markdown if given.markdown else as_text)(lines), end="")
    return 1 if any(line.wrong for line in lines) else 0


if __name__ == "__main__":
    raise SystemExit(main())
