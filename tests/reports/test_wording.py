"""Words that every report shares."""

from __future__ import annotations

from typing import Any

import pytest

from reports.wording import count_text
from reports.wording import duration_text
from reports.wording import jobs_text
from reports.wording import name_of
from reports.wording import violations_text
from reports.wording import worst
from tests.reports.verdicts import BROKEN
from tests.reports.verdicts import FAILED
from tests.reports.verdicts import UNKNOWN
from tests.reports.verdicts import finding
from tests.reports.verdicts import verdict


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0s"),
        (0.4, "0s"),
        (59.6, "1m00s"),
        (90, "1m30s"),
        (3600, "1h00m00s"),
        (7325, "2h02m05s"),
        (172800, "48h00m00s"),
        (-90, "-1m30s"),
        (-0.2, "0s"),
    ],
)
def test_a_duration_is_told_to_the_second(seconds: float, text: str) -> None:
    assert text == duration_text(seconds)


def test_one_is_singular() -> None:
    assert ("1 flight", "2 flights") == (count_text(1, "flight"), count_text(2, "flight"))


@pytest.mark.parametrize(
    ("jobs", "text"),
    [
        ({}, "no job"),
        ({"1": "finished"}, "finished"),
        ({"1": "finished", "2": "closed", "3": "finished"}, "1 closed, 2 finished"),
    ],
)
def test_jobs_are_counted_by_state(jobs: dict[str, str], text: str) -> None:
    assert text == jobs_text(verdict(jobs=jobs))


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({}, ""),
        ({"findings": [finding()]}, "heartbeat-gap"),
        (
            {"findings": [finding(), finding(), finding(checker="secrets")]},
            "heartbeat-gap ×2, secrets",
        ),
        ({"findings": [finding(expected=True)]}, ""),
        ({"findings": [finding()], "unmet": ["a", "b"]}, "heartbeat-gap, 2 unmet"),
        ({"state": "unknown", "notes": ["cut short", "more"]}, "cut short"),
        ({"state": "pass", "notes": ["by the way"]}, ""),
    ],
)
def test_what_went_wrong_is_said_in_a_few_words(fields: dict[str, Any], text: str) -> None:
    assert text == violations_text(verdict(**fields))


def test_a_variant_stands_in_brackets_once() -> None:
    assert "sigterm[payload]" == name_of(verdict(scenario="sigterm", variant="payload"))
    assert "sigterm[payload]" == name_of(verdict(scenario="sigterm[payload]", variant="payload"))


def test_the_worst_state_counts_and_broken_is_worst() -> None:
    assert "pass" == worst([])
    assert "unknown" == worst([verdict(), UNKNOWN])
    assert "fail" == worst([FAILED, UNKNOWN])
    assert "broken" == worst([FAILED, BROKEN, verdict()])
