"""Every row of what a pilot has to do is shown by a scenario, or is known not to be yet."""

from __future__ import annotations

import re

from harness.discover import discover
from harness.known import vocabulary
from harness.pilot_rows import PILOT_ROWS
from harness.pilot_rows import UNSHOWN
from harness.scenario_text import parse_scenarios

TEXT = """
name  = "x"
about = "x"
rows  = ["p04"]

[world]
site  = "BNL"
queue = "BNL_ATLAS_1"
"""


def shown() -> set[str]:
    return {row for each in discover(vocabulary=vocabulary()) for row in each.rows}


def test_every_row_has_a_scenario_but_those_that_are_listed() -> None:
    assert set(PILOT_ROWS) - shown() == set(UNSHOWN), "keep UNSHOWN true: it gets shorter"


def test_the_rows_are_p01_to_p25() -> None:
    assert [f"P{number:02}" for number in range(1, 26)] == list(PILOT_ROWS)
    assert all(re.fullmatch(r"[a-z].+[^.]", text) for text in PILOT_ROWS.values())


def test_a_row_that_nobody_knows_is_an_error_with_the_nearest_one() -> None:
    reading = parse_scenarios(TEXT, vocabulary=vocabulary(), where="x.toml")
    (problem,) = reading.problems
    assert "x.toml:4: unknown row 'p04' — did you mean 'P04'?" == str(problem)


def test_the_rows_of_a_file_are_those_of_all_its_variants() -> None:
    variants = discover(["later-pilot"], vocabulary=vocabulary())
    assert [("P08",)] * len(variants) == [each.rows for each in variants]
