"""The page of incidents says who caught what, and what pilots did."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.incidents.__main__ import PAGE
from tests.incidents.kept import Kept
from tests.incidents.mutant import Mutant
from tests.incidents.mutant import incident_of
from tests.incidents.mutant import scenarios
from tests.incidents.rows import ABSENT
from tests.incidents.table import Row
from tests.incidents.table import page

NAME = "inc-019-log-after-failure"
MUTANT = Mutant("inc_019", "INC-019 …", NAME, {}, {"heartbeat-gap": "log"}, "")


def verdict(state: str, **more: Any) -> dict[str, Any]:
    return {"state": state, "findings": [], "unmet": [], "notes": [], **more}


def gap(text: str) -> dict[str, Any]:
    return verdict("fail", findings=[{"checker": "heartbeat-gap", "text": text}])


def made(*rows: Row) -> list[str]:
    return page(rows, [MUTANT], names=["core", "3.7"]).splitlines()


def test_a_line_quotes_what_notices_the_mutant_and_says_who_passes() -> None:
    rows = [
        Row(NAME, "core", verdict("pass")),
        Row(NAME, "3.7", gap("no update for 53 min")),
        Row(NAME, "inc_019", gap("no update | for 61 min")),
    ]
    (line,) = [each for each in made(*rows) if each.startswith("| INC-019")]
    assert "*heartbeat-gap*: no update \\| for 61 min" in line
    assert line.endswith("| pass | **FAIL**: heartbeat-gap |")
    assert "    - *heartbeat-gap*: no update for 53 min" in made(*rows)


def test_of_variants_it_is_said_how_many_fail() -> None:
    rows = [Row(f"{NAME}[{each}]", "core", verdict("pass")) for each in "ab"]
    rows += [Row(f"{NAME}[a]", "3.7", verdict("pass"))]
    rows += [Row(f"{NAME}[b]", "3.7", verdict("fail", unmet=["too late"]))]
    (line,) = [each for each in made(*rows) if each.startswith("| INC-019")]
    assert line.endswith("| pass | **FAIL** 1 of 2: expectation |")


def test_who_did_not_fly_is_not_said_to_pass() -> None:
    (line,) = [each for each in made(Row(NAME, "core", verdict("pass"))) if "INC-019" in each]
    assert line.endswith("| pass | not flown |")


def test_rows_without_a_scenario_are_listed_with_the_reason() -> None:
    lines = made(Row(NAME, "core", verdict("pass")))
    for incident, why in ABSENT.items():
        assert any(line.startswith(f"| {incident} |") and why in line for line in lines)


def test_the_page_has_every_incident() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for incident in {incident_of(each.name) for each in scenarios()} | set(ABSENT):
        assert f"| {incident} |" in text, "run: python -m tests.incidents"


def test_a_verdict_is_kept_for_just_that_flight(tmp_path: Path) -> None:
    (scenario, other, *_), kept = scenarios(), Kept(tmp_path)
    kept.keep(scenario, "core", None, verdict("pass"))
    assert verdict("pass") == kept.find(scenario, "core", None)
    assert kept.find(scenario, "core", {"job.py": ("a", "b")}) is None
    assert kept.find(other, "core", None) is None
    assert Kept(None).find(scenario, "core", None) is None
