"""Every incident's bug is caught by its scenario, for the right reason, and only there.

That the core passes these scenarios is tests/flights/test_core.py's, as for every bundled one.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.flights.conftest import Fly
from tests.flights.mutants import plant
from tests.incidents.mutant import Mutant
from tests.incidents.mutant import healthy
from tests.incidents.mutant import incident_of
from tests.incidents.mutant import mutants
from tests.incidents.mutant import said
from tests.incidents.mutant import scenario_of
from tests.incidents.mutant import scenarios
from tests.incidents.rows import ABSENT
from tests.incidents.rows import ROWS

MUTANTS = mutants()
ONLY_THERE = tuple(mutant for mutant in MUTANTS if not mutant.always)


def _name(mutant: Mutant) -> str:
    return mutant.name


def test_every_incident_has_a_scenario_or_a_reason_why_not() -> None:
    flown = {incident_of(each.name) for each in scenarios()}
    assert set() == flown & set(ABSENT)
    assert set(ROWS) == flown | set(ABSENT)


def test_every_scenario_of_an_incident_has_a_mutant() -> None:
    files = {each.source.partition("::")[0] for each in scenarios()}
    assert files == {mutant.scenario.partition("::")[0] for mutant in MUTANTS}


def test_a_scenario_says_which_incident_it_is() -> None:
    for scenario in scenarios():
        assert scenario.origin.startswith(f"{incident_of(scenario.name)} "), scenario.name
        assert "incident" in scenario.tags, scenario.name


def test_a_mutant_flies_in_the_scenario_of_its_own_incident() -> None:
    for mutant in MUTANTS:
        assert mutant.incident == incident_of(mutant.scenario)
        assert mutant.about.startswith(f"{mutant.incident} ")


@pytest.mark.parametrize("mutant", MUTANTS, ids=_name)
def test_the_bug_is_caught(mutant: Mutant, flights: Fly, tmp_path: Path) -> None:
    scenario = scenario_of(mutant)
    pilot = plant(tmp_path / "mutant", mutant.patches)
    verdict, _ = flights(scenario, pilot, seed=scenario.seed)
    assert "fail" == verdict.state, verdict.notes
    for who, words in mutant.expected.items():
        texts = said(verdict, who)
        assert texts, f"{who} noticed nothing"
        assert words in " | ".join(texts)


@pytest.mark.parametrize("mutant", ONLY_THERE, ids=_name)
def test_the_bug_does_not_show_where_nothing_goes_wrong(
    mutant: Mutant, flights: Fly, tmp_path: Path
) -> None:
    scenario = healthy(scenario_of(mutant))
    pilot = plant(tmp_path / "mutant", mutant.patches)
    verdict, _ = flights(scenario, pilot, seed=scenario.seed)
    assert ("pass", (), ()) == (verdict.state, verdict.findings, verdict.unmet)
