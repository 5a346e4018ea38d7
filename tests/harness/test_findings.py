"""Findings, and how times are written in them."""

from __future__ import annotations

import pytest

from harness.findings import Finding
from harness.findings import in_order
from harness.findings import length
from harness.findings import moment


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0:00:00"), (59.9, "0:00:59"), (3661, "1:01:01"), (90_000, "25:00:00")],
)
def test_an_instant_is_written_as_hours_minutes_and_seconds(seconds: float, text: str) -> None:
    assert text == moment(seconds)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.25, "0.25 s"),
        (12, "12 s"),
        (60, "1 min"),
        (2120, "35 min 20 s"),
        (7200, "2 h"),
        (7530, "2 h 5 min"),
        (93_600, "26 h"),
    ],
)
def test_a_duration_is_written_as_people_say_it(seconds: float, text: str) -> None:
    assert text == length(seconds)


def test_findings_are_shown_by_time_then_by_checker() -> None:
    late = Finding("a", "x", 9.0)
    early = Finding("b", "x", 1.0)
    same = Finding("a", "y", 1.0)
    assert [same, early, late] == in_order([late, early, same])


def test_a_finding_is_a_dict_for_json() -> None:
    finding = Finding("secrets", "a leak", 5.0, "1", (3, 4), expected=True)
    assert {
        "checker": "secrets",
        "text": "a leak",
        "at_s": 5.0,
        "job": "1",
        "witnesses": [3, 4],
        "expected": True,
    } == finding.as_dict()
