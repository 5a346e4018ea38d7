"""Pilots beside each other: agreements and differences, for a terminal and as a page."""

from __future__ import annotations

from typing import Iterable
from typing import Mapping
from typing import Protocol
from typing import Sequence

AGREES = "="
UNEXPLAINED = "not explained yet"


class Explained(Protocol):
    """Why pilots differ."""

    @property
    def whose(self) -> str: ...
    @property
    def because(self) -> str: ...


class Differs(Protocol):
    """One aspect in which a pilot differs from the first."""

    @property
    def scenario(self) -> str: ...
    @property
    def pilot(self) -> str: ...
    @property
    def aspect(self) -> str: ...
    @property
    def first(self) -> str: ...
    @property
    def other(self) -> str: ...
    @property
    def explained(self) -> Explained | None: ...


Flown = Mapping[tuple[str, str], Sequence[Differs]]
"""(scenario, pilot) -> what is different there; nothing if all is as with the first pilot."""


def comparison_text(flown: Flown, *, first: str) -> str:
    """Return what a terminal shows: a line a flight, and below it each difference."""
    lines = []
    for (scenario, pilot), rows in flown.items():
        lines.append(f"{scenario}  {pilot}: {_count(rows, first)}")
        lines += [f"    {row.aspect}: {row.first} -> {row.other}{_tail(row)}" for row in rows]
    return "\n".join(lines)


def comparison_markdown(flown: Flown, *, first: str, aspects: Sequence[str], command: str) -> str:
    """Return the page of a comparison that *command* made."""
    rows = [row for found in flown.values() for row in found]
    page = [
        f"# Pilots beside {first}",
        "",
        "Each pilot in the same scenarios, with the same seeds. Made by:",
        "",
        f"    {command}",
        "",
        f"`{AGREES}`: as {first} does it. *time* is from the first job handed out to the last "
        "word said of any.",
        "",
        *_table(["scenario", "pilot", *aspects], _overview(flown, aspects)),
        "",
        "## Differences",
        "",
        *_table(["scenario", "pilot", "aspect", first, "it", "whose", "because"], _told(rows)),
    ]
    return "\n".join(page) + "\n"


def unexplained(flown: Flown) -> list[Differs]:
    """Return the differences that nobody has explained."""
    return [row for found in flown.values() for row in found if row.explained is None]


def _overview(flown: Flown, aspects: Sequence[str]) -> Iterable[list[str]]:
    for (scenario, pilot), rows in flown.items():
        # "requests update_job" is one of the requests.
        other = {row.aspect for row in rows} | {row.aspect.split()[0] for row in rows}
        yield [scenario, pilot, *("≠" if each in other else AGREES for each in aspects)]


def _told(rows: Iterable[Differs]) -> Iterable[list[str]]:
    for row in rows:
        why = row.explained
        reason = [why.whose, why.because] if why else ["?", UNEXPLAINED]
        yield [row.scenario, row.pilot, row.aspect, row.first, row.other, *reason]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    cells = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    return [
        f"| {' | '.join(head)} |",
        f"|{'---|' * len(head)}",
        *(f"| {' | '.join(row)} |" for row in cells),
    ]


def _count(rows: Sequence[Differs], first: str) -> str:
    if not rows:
        return f"as {first}"
    return f"{len(rows)} difference{'s' if len(rows) > 1 else ''}"


def _tail(row: Differs) -> str:
    why = row.explained
    return f"   ({why.whose}: {why.because})" if why else f"   ({UNEXPLAINED})"
