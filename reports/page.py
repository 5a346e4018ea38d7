"""One HTML page of a campaign: the table, and for each flight what went wrong and its timeline.

A file that needs nothing beside it: no script, no font, no request. Whatever a pilot wrote is
text on it, never markup. A campaign of many flights has pictures of those that did not pass,
and of the first others, so that the page stays one that a browser opens.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from typing import Sequence

from jinja2 import Environment
from jinja2 import PackageLoader
from jinja2 import StrictUndefined
from markupsafe import Markup

from reports.failure import JOURNAL
from reports.failure import epoch_of
from reports.failure import failure_block
from reports.summary import totals
from reports.timeline import drawing
from reports.timeline import lanes_of
from reports.wording import MARKS
from reports.wording import STATES
from reports.wording import Verdict
from reports.wording import duration_text
from reports.wording import jobs_text
from reports.wording import name_of
from reports.wording import violations_text
from simkernel import HarnessError
from simkernel.journal import read_lines

PICTURES_MAX = 60
"""Flights that passed and are drawn all the same."""


@dataclass(frozen=True, slots=True)
class Row:
    """One flight, as the page shows it; *picture* is empty where none is drawn."""

    anchor: str
    state: str
    mark: str
    cells: tuple[str, ...]
    block: str
    picture: Markup


def page(verdicts: Sequence[Verdict], *, elapsed_s: float | None = None) -> str:
    """Return the page of *verdicts*; journals that are gone or damaged are not drawn."""
    left = PICTURES_MAX
    rows = []
    for number, each in enumerate(verdicts, start=1):
        passed = each["state"] == "pass"
        drawn = not passed or left > 0
        left -= passed
        rows.append(_row(number, each, drawn=drawn))
    worst_first = sorted(rows, key=lambda row: -STATES.index(row.state))
    template = _templates().get_template("report.html")
    return template.render(rows=worst_first, totals=totals(verdicts, elapsed_s=elapsed_s))


def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _row(number: int, verdict: Verdict, *, drawn: bool) -> Row:
    state = str(verdict["state"])
    return Row(
        anchor=f"flight-{number}",
        state=state,
        mark=MARKS[state],
        cells=(
            name_of(verdict),
            str(verdict["pilot"]),
            str(verdict["seed"]),
            duration_text(float(verdict["virtual_s"])),
            jobs_text(verdict),
            violations_text(verdict),
        ),
        block=failure_block(verdict, epoch=epoch_of(verdict)),
        picture=_picture(verdict) if drawn else Markup(""),
    )


def _picture(verdict: Verdict) -> Markup:
    lanes = lanes_of(_events(verdict))
    if not lanes:
        return Markup("")
    findings = list(verdict.get("findings", ()))
    # Every text in the drawing is escaped there.
    return Markup(drawing(lanes, seconds=float(verdict["virtual_s"]), findings=findings))


def _events(verdict: Verdict) -> list[dict[str, Any]]:
    """Return the events of the flight's journal, as far as it can be read."""
    path = Path(str(verdict.get("run_dir") or "")) / JOURNAL
    if not path.is_file():
        return []
    events = []
    try:
        for line in read_lines(path):
            if "what" in line:
                events.append(line)
    except HarnessError:
        pass  # a damaged journal is the verdict's to report; what stands before is drawn
    return events
