"""verdict.json."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness.findings import Finding
from harness.verdict import Verdict
from reports.verdict_json import FINDING_SCHEMA
from reports.verdict_json import SCHEMA
from reports.verdict_json import read_verdict
from reports.verdict_json import verdict_text
from reports.verdict_json import write_verdict
from simkernel import HarnessError
from tests.reports.verdicts import FAILED
from tests.reports.verdicts import finding
from tests.reports.verdicts import verdict


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "verdict.json"
    write_verdict(path, FAILED)
    assert {"format": 1, **FAILED} == read_verdict(path)
    assert [path] == list(tmp_path.iterdir())


def test_keys_stand_in_the_order_of_the_schema_whatever_their_order_was() -> None:
    shuffled = dict(reversed(FAILED.items()))
    shuffled["findings"] = [dict(reversed(finding().items()))]
    assert verdict_text(FAILED) == verdict_text(shuffled)
    assert list(SCHEMA["properties"]) == list(json.loads(verdict_text(shuffled)))


def test_the_schema_is_that_of_the_verdict_and_its_findings() -> None:
    flown = Verdict(state="pass", scenario="x", findings=(Finding("secrets", "a", 1.0),)).as_dict()
    assert set(SCHEMA["properties"]) - {"format"} == set(flown)
    assert set(FINDING_SCHEMA["properties"]) == set(flown["findings"][0])


@pytest.mark.parametrize(
    ("change", "said"),
    [({"colour": "red"}, r"unknown \['colour'\]"), ({"state": None}, r"missing \['state'\]")],
)
def test_what_is_no_verdict_is_not_written(change: dict[str, str | None], said: str) -> None:
    wrong = {key: value for key, value in verdict(**change).items() if value is not None}
    with pytest.raises(HarnessError, match=said):
        verdict_text(wrong)


def test_half_a_character_of_a_pilot_is_replaced_not_fatal(tmp_path: Path) -> None:
    write_verdict(tmp_path / "verdict.json", verdict(notes=["half: \udce4"]))
    assert ["half: ?"] == read_verdict(tmp_path / "verdict.json")["notes"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "cannot be read"),
        ("[]", "not a verdict"),
        ('{"format": 2}', "this flightsim reads format 1"),
        ('{"format": 1}', "missing"),
        ('{"format": 1, "state": "green"}', "missing"),
    ],
)
def test_what_is_no_verdict_is_refused_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "verdict.json"
    path.write_text(text)
    with pytest.raises(HarnessError, match=said) as caught:
        read_verdict(path)
    assert str(path) == caught.value.where
