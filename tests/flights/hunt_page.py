"""The page of the hunt: which bug of history was found by drawing, and how small it became."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any
from typing import Mapping
from typing import Sequence

PAGE = Path(__file__).resolve().parents[2] / "docs/verdicts/hunt.md"
QUOTED_MAX = 160
HEAD = """\
# The hunt

Each bug of [the incidents](incidents.md), planted into the core and hunted by drawing: worlds,
jobs, pilots and troubles come from `scenarios/worlds.py`, nobody tells which. *Found* is the number
of scenarios flown until the first violation, *faults* how many are left after shrinking. Made by:

    flightsim hunt --pilot core:in-process --examples 3000 -n 2
    python -m tests.flights.hunt_mutants -n 2 --kept FOLDER --core runs/hunt/core-in-process-0

A mutant is hunted in the theme of the code that it is in (`--theme` of `flightsim hunt`), or around
a known scenario if it needs several things at the same moment.
"""

Row = tuple[str, str, Mapping[str, Any]]


def page(rows: Sequence[Row], *, missing: int = 0, core: tuple[int, int] = (0, 0)) -> str:
    """Return the page of *rows*: mutant, where it was hunted, and the haul.

    *core* is how many scenarios the core itself was flown through, and what was found.
    """
    found = [row for row in rows if row[2]["catch"]]
    small = [row for row in found if row[2]["catch"]["faults"] <= 3]
    head = ["mutant", "hunted in", "found", "faults", "what is left", "what notices it"]
    lines = [_line(head), "|" + "---|" * len(head), *(_line(_cells(*row)) for row in rows)]
    total = (
        f"{len(found)} of {len(rows)} found, {len(small)} of them shrunk to at most three faults."
    )
    left = f" {missing} have not been hunted yet." if missing else ""
    healthy = f"The core itself, in {core[0]} scenarios of every theme: {core[1]} violations. "
    return "\n".join([HEAD, (healthy if core[0] else "") + total + left, "", *lines, ""])


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _cells(name: str, where: str, haul: Mapping[str, Any]) -> list[str]:
    catch = haul["catch"]
    if catch is None:
        return [f"`{name}`", where, f"**not** in {haul['examples']}", "", "", ""]
    return [
        f"`{name}`",
        where,
        str(catch["example"]),
        str(catch["faults"]),
        _left(catch["toml"]),
        _quoted(catch["complaints"][0]),
    ]


def _left(toml: str) -> str:
    """Return what is unusual in a scenario: its faults, or what else there is."""
    tables = tomllib.loads(toml)
    faults = [f"{each['do']} on {each['on']}" for each in tables.get("fault", [])]
    return "; ".join(faults) or "no fault: a queue or a job of another kind"


def _quoted(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= QUOTED_MAX else text[: QUOTED_MAX - 1] + "…"
