"""What this flightsim knows by name is what its registries know."""

from __future__ import annotations

import pytest

from fakeserver import ENDPOINTS
from fakesites.tools import TOOLS
from harness.checkers import checker_names
from harness.faults import known_faults
from harness.known import LISTS
from harness.known import catalogue
from harness.known import vocabulary
from harness.scenario_text import parse_scenarios
from tests.harness.small_world import TEXT


def test_every_endpoint_and_tool_is_a_point() -> None:
    points = vocabulary().points
    assert {f"server.{endpoint.name}" for endpoint in ENDPOINTS} <= set(points)
    assert {f"tool.{name}" for name in TOOLS} <= set(points)


def test_every_fault_and_checker_may_be_named() -> None:
    assert {kind.name for kind in known_faults()} == set(vocabulary().faults)
    assert checker_names() == vocabulary().checkers


@pytest.mark.parametrize("kind", sorted(LISTS))
def test_every_list_has_entries(kind: str) -> None:
    assert catalogue(kind)


@pytest.mark.parametrize(
    ("addition", "expected"),
    [
        ("[world.node]\ncoress = 4\n", "23: unknown field 'coress' — did you mean cores"),
        ("[world.server]\nlost_heartbeet = 1\n", "23: unknown key 'lost_heartbeet'"),
        ('[world.storage.BNL_DATADISK]\nspace = "1 XB"\n', "22: '1 XB' is no size"),
        ("[world.storage]\nBNL_DATADISK = 3\n", "23: the catalogue cannot take that"),
    ],
)
def test_overrides_are_checked_by_those_whose_fields_they_are(addition: str, expected: str) -> None:
    text = TEXT.replace('do = "http_error"', 'do = "http_status"') + addition
    (found,) = parse_scenarios(text, vocabulary=vocabulary(), where="x.toml").problems
    assert f"x.toml:{expected}" == str(found)[: len(f"x.toml:{expected}")]


def test_the_value_of_an_option_is_checked_by_its_fault() -> None:
    text = TEXT.replace('do = "http_error"', 'do = "http_status"').replace("503", '"a lot"')
    (found,) = parse_scenarios(text, vocabulary=vocabulary(), where="x.toml").problems
    assert str(found).startswith("x.toml:17: status = 'a lot'")
