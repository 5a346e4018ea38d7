"""``python -m tests.conformance [-k WORD] [-v] [PYTHON...]``: all programs, all interpreters.

Prints a table: a row for each program, a column for each supported version of Python. The
interpreters are those given, else those that are found on this machine (PATH, pyenv,
$FLIGHTSIM_PYTHONS); versions that are not found are listed. Ends with 1 if any result differs.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from harness import interpreters
from tests.conformance.arms import names
from tests.conformance.suite import Cell
from tests.conformance.suite import compare


def main() -> int:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.conformance", description=__doc__)
    parser.add_argument("-k", metavar="WORD", default="", help="only programs with WORD in them")
    parser.add_argument("-v", action="store_true", help="show each difference")
    parser.add_argument("python", nargs="*", help="interpreters, instead of those found")
    chosen = parser.parse_args()
    programs = [each for each in names() if chosen.k in each]
    if chosen.python:
        asked = [interpreters.ask(each) for each in chosen.python]
        sought = [interpreters.Sought(each.minor, each) for each in asked]
    else:
        sought = list(interpreters.look())
    columns: dict[str, list[Cell]] = {}
    for each in sought:
        if each.found is not None:
            columns[each.minor] = _column(programs, each.found)
    _show(programs, sought, columns)
    different = [cell for cells in columns.values() for cell in cells if not cell.agrees]
    if chosen.v and different:
        print(*(cell.difference() for cell in different), sep="\n")
    return 1 if different or not columns else 0


def _column(programs: list[str], interpreter: interpreters.Interpreter) -> list[Cell]:
    print(f"{interpreter.minor}: {len(programs)} programs ...", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        processors = os.cpu_count() or 1
        return compare(programs, interpreter.path, Path(folder), guests_at_once=processors)


def _show(
    programs: list[str], sought: list[interpreters.Sought], columns: dict[str, list[Cell]]
) -> None:
    width = max(map(len, [*programs, "not found"]), default=0)
    print(f"{'program':<{width}}", *(f"{each.minor:>5}" for each in sought))
    for index, program in enumerate(programs):
        marks = [_mark(columns.get(each.minor), index) for each in sought]
        print(f"{program:<{width}}", *(f"{mark:>5}" for mark in marks))
    counts = [_count(columns.get(each.minor)) for each in sought]
    print(f"{'the same':<{width}}", *(f"{count:>5}" for count in counts))
    missing = [each.minor for each in sought if each.found is None]
    print(f"{len(programs)} programs; not found: {', '.join(missing) or 'none'}")


def _mark(cells: list[Cell] | None, index: int) -> str:
    return "-" if cells is None else "ok" if cells[index].agrees else "DIFF"


def _count(cells: list[Cell] | None) -> str:
    return "-" if cells is None else str(sum(cell.agrees for cell in cells))


if __name__ == "__main__":
    sys.exit(main())
