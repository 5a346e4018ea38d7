"""What is hunted where, what is kept of it, and the page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scenarios.troubles import THEMES
from tests.flights import hunt_mutants
from tests.flights.hunt_mutants import Quarry
from tests.flights.hunt_mutants import Results
from tests.flights.hunt_mutants import quarries
from tests.flights.hunt_mutants import theme_of
from tests.flights.hunt_page import page
from tests.incidents.mutant import Mutant
from tests.incidents.mutant import mutants

TOML = '[[fault]]\non = "tool.ps"\ndo = "garble"\n'


def haul(*, example: int = 12, faults: int = 1, toml: str = TOML) -> dict[str, Any]:
    catch = {
        "example": example,
        "faults": faults,
        "complaints": ["expect: job 1 is failed | late"],
        "toml": toml,
    }
    return {"examples": example, "catch": catch}


def quarry(**patches: Any) -> Quarry:
    return Quarry(Mutant("inc_029", "", "", patches, {}, ""), "watchdogs")


def test_every_mutant_that_flies_as_a_pilot_is_hunted() -> None:
    # Those of the wrapper are not the core's.
    left_out = {each.incident for each in mutants() if not theme_of(each)}
    assert left_out <= {"INC-111", "INC-113", "INC-115", "INC-117", "INC-119", "INC-121", "INC-001"}
    assert {each.theme for each in quarries() if not each.near} <= set(THEMES)


def test_what_was_found_is_kept_for_just_that_mutant(tmp_path: Path) -> None:
    results = Results(tmp_path)
    results.keep(quarry(), haul())
    assert haul() == results.find(quarry())
    assert results.find(quarry(usage=("a", "b"))) is None
    assert Results(None).find(quarry()) is None


def test_the_page_says_what_was_found_and_what_is_left_of_it() -> None:
    rows = [("inc_029", "watchdogs", haul()), ("inc_089", "work", haul(faults=0, toml=""))]
    rows += [("inc_001", "around x", {"examples": 150, "catch": None})]
    text = page(rows, missing=2, core=(3000, 0))
    lines = text.splitlines()
    told = "garble on tool.ps | expect: job 1 is failed \\| late |"
    assert f"| `inc_029` | watchdogs | 12 | 1 | {told}" in lines
    assert any(line.startswith("| `inc_089` | work | 12 | 0 | no fault") for line in lines)
    assert "| `inc_001` | around x | **not** in 150 |  |  |  |" in lines
    assert "3000 scenarios of every theme: 0 violations" in text
    assert "2 of 3 found, 2 of them shrunk to at most three faults. 2 have not been" in text


def test_what_the_core_does_wrong_too_is_no_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[set[str]] = []

    def inside(_q: Any, _f: Any, _e: Any, _s: Any, known: set[str]) -> dict[str, Any]:
        asked.append(set(known))
        found = haul(toml="right" if known else "wrong")
        return {**found, "catch": {**found["catch"], "kinds": ["expect: #"]}}

    monkeypatch.setattr(hunt_mutants, "_hunted_inside", inside)
    monkeypatch.setattr(hunt_mutants, "_is_right", lambda toml: toml == "right")
    assert "right" == hunt_mutants.hunted(quarry())["catch"]["toml"]
    assert [set(), {"expect: #"}] == asked
