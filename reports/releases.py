"""Verdicts of many releases at a glance: a row a release, a column a scenario, then the reasons."""

from __future__ import annotations

from typing import Iterable
from typing import Mapping
from typing import Sequence

from reports.wording import MARKS
from reports.wording import Verdict
from reports.wording import name_of
from reports.wording import violations_text

ABSENT = "–"
HEADING = ("pilot", "python")


def release_table(verdicts: Iterable[Verdict]) -> str:
    """Return the table of *verdicts* for a terminal, and below it why what failed did."""
    listed = list(verdicts)
    rows = [_heading(listed), *_rows(listed)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    reasons = [f"{name}\n    {reason}" for name, reason in _reasons(listed)]
    return "\n".join([*lines, *(["", *reasons] if reasons else [])])


def release_markdown(verdicts: Iterable[Verdict], *, command: str) -> str:
    """Return the page of *verdicts*, which *command* made."""
    listed = list(verdicts)
    heading = _heading(listed)
    names = dict.fromkeys(str(each["scenario"]).partition("[")[0] for each in listed)
    page = [
        f"# Releases on {' and '.join(names)}",
        "",
        "What became of each release of the pilot, as it is. Made by:",
        "",
        f"    {command}",
        "",
        f"| {' | '.join(heading)} |",
        f"|{'---|' * len(heading)}",
        *(f"| {' | '.join(row)} |" for row in _rows(listed)),
    ]
    reasons = _reasons(listed)
    if reasons:
        page += ["", "## Why", "", "Each in the pilot's own code, as its traceback says.", ""]
        page += ["| flight | place and words | line |", "|---|---|---|"]
        page += [
            f"| {name} | {_cell(reason)} | {_code(code)} |"
            for name, reason, code in _blames(listed)
        ]
    return "\n".join(page) + "\n"


def _heading(verdicts: Sequence[Verdict]) -> tuple[str, ...]:
    return (*HEADING, *_scenarios(verdicts))


def _scenarios(verdicts: Sequence[Verdict]) -> list[str]:
    return list(dict.fromkeys(name_of(each) for each in verdicts))


def _rows(verdicts: Sequence[Verdict]) -> list[tuple[str, ...]]:
    cells: dict[tuple[str, str], dict[str, str]] = {}
    for each in verdicts:
        row = cells.setdefault((_release(each), str(each.get("python", ""))), {})
        row[name_of(each)] = MARKS[str(each["state"])]
    names = _scenarios(verdicts)
    return [(*head, *(row.get(name, ABSENT) for name in names)) for head, row in cells.items()]


def _reasons(verdicts: Sequence[Verdict]) -> list[tuple[str, str]]:
    return [(name, reason) for name, reason, _ in _blames(verdicts)]


def _blames(verdicts: Sequence[Verdict]) -> list[tuple[str, str, str]]:
    """Return name, reason and line of code for each flight that did not pass."""
    found = []
    for each in verdicts:
        if each["state"] == "pass":
            continue
        blame: Mapping[str, str] = each.get("blame") or {}
        reason = blame.get("text") or violations_text(each)
        found.append((f"{_release(each)} {name_of(each)}", reason, blame.get("code", "")))
    return found


def _release(verdict: Verdict) -> str:
    return str(verdict.get("release") or verdict["pilot"])


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def _code(text: str) -> str:
    return f"`{text.replace('|', chr(92) + '|')}`" if text else ""
