"""The table of what the flights of a campaign have reached of a pilot: a line a file, and the sum.

file                          statements  missed  reached  lines not reached
pilot/api/data.py                    412     120      71%  14-19, 77, 301-340
"""

from __future__ import annotations

from typing import Sequence

Row = tuple[str, int, Sequence[int]]

HEADING = ("file", "statements", "missed", "reached", "first lines missed")
RUNS_MAX = 6


def coverage_table(rows: Sequence[Row]) -> str:
    """Return the table of *rows*: file, number of statements, the lines of those missed."""
    cells = [_cells(name, total, missed) for name, total, missed in rows if total]
    total = sum(row[1] for row in rows)
    missed = sum(len(row[2]) for row in rows)
    cells.append(("total", str(total), str(missed), _share(total, missed), ""))
    table = [HEADING, *cells]
    widths = [max(len(row[column]) for row in table) for column in range(len(HEADING) - 1)]
    return "\n".join(_line(row, widths) for row in table)


def _cells(name: str, total: int, missed: Sequence[int]) -> tuple[str, str, str, str, str]:
    return (name, str(total), str(len(missed)), _share(total, len(missed)), _runs(missed, total))


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    numbers = (cell.rjust(width) for cell, width in zip(row[1:-1], widths[1:], strict=True))
    return "  ".join([row[0].ljust(widths[0]), *numbers, row[-1]]).rstrip()


def _share(total: int, missed: int) -> str:
    # Rounded down: 100 % is said of nothing that has a line missed.
    return f"{100 * (total - missed) // total}%" if total else "-"


def _runs(missed: Sequence[int], total: int) -> str:
    if len(missed) == total:
        return "all"
    runs: list[list[int]] = []
    for line in missed:
        if runs and line == runs[-1][-1] + 1:
            runs[-1].append(line)
        else:
            runs.append([line])
    shown = [f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs[:RUNS_MAX]]
    return ", ".join(shown + (["…"] if len(runs) > RUNS_MAX else []))
