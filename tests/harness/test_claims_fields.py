"""Claims on the fields of a job's last word."""

from __future__ import annotations

import pytest

from harness.claims import unmet_claims
from harness.claims_fields import fits
from harness.scenario import Expectation
from tests.harness.journals import Story
from tests.harness.journals import story


def failed(**fields: object) -> Story:
    """Tell of a job that failed."""
    return story().pilot().dispatch().final("failed", at=3600, **fields)


def unmet(told: Story, **wanted: str) -> list[str]:
    claims = Expectation(fields={name: (pattern,) for name, pattern in wanted.items()})
    return unmet_claims(told.flight(), claims, findings=())


@pytest.mark.parametrize(
    ("said", "pattern"),
    [("65", "65"), ("It Timed Out", "*timed out*"), ("7.9", "7..8"), ("-1", "-2..-1"), ("", "")],
)
def test_it_fits(said: str, pattern: str) -> None:
    assert fits(said, pattern)


@pytest.mark.parametrize(
    ("said", "pattern"), [("6", "65"), ("", "*timed out*"), ("9", "7..8"), ("many", "7..8")]
)
def test_it_does_not_fit(said: str, pattern: str) -> None:
    assert not fits(said, pattern)


def test_a_field_as_it_is_wanted_is_met() -> None:
    assert [] == unmet(failed(transExitCode=65), transExitCode="65")


def test_another_value_is_unmet() -> None:
    assert ["job 1 ended with transExitCode '64', expected 65"] == unmet(
        failed(transExitCode="64"), transExitCode="65"
    )


def test_a_field_that_was_not_sent_is_unmet() -> None:
    assert ["job 1 ended with meanCoreCount '', expected 1..8"] == unmet(
        failed(), meanCoreCount="1..8"
    )


def test_one_of_several_is_enough() -> None:
    claims = Expectation(fields={"meanCoreCount": ("", "1..8")})
    assert [] == unmet_claims(failed().flight(), claims, findings=())
    assert ["job 1 ended with meanCoreCount '9', expected nothing or 1..8"] == unmet_claims(
        failed(meanCoreCount=9).flight(), claims, findings=()
    )


def test_the_last_word_counts_whichever_pilot_had_it() -> None:
    told = story().pilot().dispatch().pilot("pilot-2", at=5)
    told.final("failed", at=3600, pilot="pilot-2", maxRSS=9)
    assert [] == unmet(told, maxRSS="9")
    assert ["job 1 ended with maxRSS '9', expected 8"] == unmet(told, maxRSS="8")
