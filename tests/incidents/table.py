"""The page of incidents: what happened, what notices it, and who would suffer from it today."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from typing import Mapping
from typing import Sequence

from tests.incidents.mutant import EXPECT
from tests.incidents.mutant import Mutant
from tests.incidents.mutant import incident_of
from tests.incidents.rows import ABSENT
from tests.incidents.rows import ROWS

QUOTED_MAX = 200

HEAD = """\
# Incidents

Bugs that pilots had in production, each in a scenario with the condition that brought it out. The
core passes them all. A *mutant* of the core has the old bug, planted again in a few lines
(`tests/incidents/mutants/`); what notices it is quoted. The last columns say what real pilots do
in the same scenario, without any known defect of theirs being forgiven. Made by:

    python -m tests.incidents --pilot 3.7.0.36=pypi:3.7.0.36 --pilot 3.11.5.1=CHECKOUT

To fly one: `flightsim run inc-019-log-after-failure --pilot PILOT`; all: `flightsim run incidents`.
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One flight: the *scenario*, *who* flew it, and its verdict."""

    scenario: str
    who: str
    verdict: Mapping[str, Any]


def page(rows: Sequence[Row], mutants: Sequence[Mutant], *, names: Sequence[str]) -> str:
    """Return the page; *names* are the pilots that are no mutants."""
    flown = sorted({incident_of(row.scenario) for row in rows})
    head = ["incident", "what happened", "scenario", "what notices the mutant", *names]
    lines = [_line(head), "|" + "---|" * len(head)]
    for incident in flown:
        mine = [row for row in rows if incident_of(row.scenario) == incident]
        planted = [mutant for mutant in mutants if mutant.incident == incident]
        name = mine[0].scenario.partition("[")[0]
        cells = [incident, ROWS[incident], f"`{name}`", _caught(planted, mine)]
        lines.append(_line([*cells, *(_cell(mine, each) for each in names)]))
    return "\n".join([HEAD, *lines, "", _failures(rows, names), _absent()])


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _caught(planted: Sequence[Mutant], rows: Sequence[Row]) -> str:
    """Return what noticed each mutant, once for those of which the same is said."""
    told = []
    for mutant in planted:
        flown = [row.verdict for row in rows if row.who == mutant.name]
        said = [(who, _said(verdict, who)) for verdict in flown for who in mutant.expected]
        told += [f"*{_name(who)}*: {_quoted(text)}" for who, text in said]
    return "<br>".join(dict.fromkeys(told))


def _name(who: str) -> str:
    return "expectation" if who == EXPECT else who


def _said(verdict: Mapping[str, Any], who: str) -> str:
    texts = [each["text"] for each in verdict["findings"] if each["checker"] == who]
    return next(iter(verdict["unmet"] if who == EXPECT else texts), "**not noticed**")


def _quoted(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= QUOTED_MAX else text[: QUOTED_MAX - 1] + "…"


def _cell(rows: Sequence[Row], name: str) -> str:
    """Return pass, or in which variants it did not."""
    mine = [row for row in rows if row.who == name]
    bad = [row for row in mine if row.verdict["state"] != "pass"]
    if not bad:
        return "pass" if mine else "not flown"
    words = dict.fromkeys(word for row in bad for word in _reasons(row.verdict))
    part = f" {len(bad)} of {len(mine)}" if len(mine) > 1 else ""
    return f"**{bad[0].verdict['state'].upper()}**{part}: {', '.join(words)}"


def _reasons(verdict: Mapping[str, Any]) -> list[str]:
    found = [each["checker"] for each in verdict["findings"]]
    return [*dict.fromkeys(found), *(["expectation"] if verdict["unmet"] else [])]


def _failures(rows: Sequence[Row], names: Sequence[str]) -> str:
    bad = [row for row in rows if row.who in names and row.verdict["state"] != "pass"]
    lines = ["## What pilots that do not pass did", ""]
    for row in bad:
        lines += [f"- `{row.scenario}`, {row.who}:"]
        texts = [f"*{each['checker']}*: {each['text']}" for each in row.verdict["findings"]]
        texts += [f"*expectation*: {text}" for text in row.verdict["unmet"]]
        lines += [f"    - {_quoted(text)}" for text in texts or row.verdict["notes"]]
    return "\n".join([*lines, *([] if bad else ["None."]), ""])


def _absent() -> str:
    lines = ["## Without a scenario", "", "| incident | what happened | why |", "|---|---|---|"]
    lines += [_line([incident, ROWS[incident], why]) for incident, why in sorted(ABSENT.items())]
    return "\n".join([*lines, ""])
