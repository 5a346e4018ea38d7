"""The registry of checkers, and what holds for all of them."""

from __future__ import annotations

import pytest

from harness.checkers import checker
from harness.checkers import checker_names
from harness.checkers import find_checker
from harness.checkers import inspect
from harness.checkers import known_checkers
from simkernel import HarnessError
from simkernel import ScenarioError
from tests.harness.journals import complete
from tests.harness.journals import story

NAMES = (
    "bounded-time",
    "double-run",
    "error-named",
    "event-ranges",
    "exit-code",
    "files-registered",
    "final-acknowledged",
    "heartbeat-gap",
    "log-exists",
    "one-final-state",
    "processes",
    "protocol",
    "secrets",
    "state-table",
)


def test_every_checker_is_found_by_its_name() -> None:
    assert checker_names() == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_checker_is_silent_on_a_healthy_flight(name: str) -> None:
    assert [] == find_checker(name).check(complete().flight())


@pytest.mark.parametrize("name", NAMES)
def test_a_checker_is_silent_on_an_empty_flight(name: str) -> None:
    assert [] == find_checker(name).check(story().flight())


@pytest.mark.parametrize("name", NAMES)
def test_a_checker_says_what_must_hold(name: str) -> None:
    assert len(find_checker(name).about) > 20


def test_a_misspelt_checker_is_answered_with_the_nearest_name() -> None:
    with pytest.raises(ScenarioError, match="did you mean 'heartbeat-gap'"):
        find_checker("heartbeat-gab")


def test_a_name_can_be_taken_once_only() -> None:
    assert known_checkers()
    with pytest.raises(HarnessError, match="'secrets' is registered twice"):
        checker("secrets", about="the same again")(lambda flight: [])


def test_findings_come_in_order_of_time() -> None:
    told = story().add("output.leak", who="pilot-1", at=9, file="b", kind="proxy")
    told.add("server.unknown_endpoint", at=3, path="/x", nearest=[])
    found = inspect(told.flight())
    assert [("protocol", 3.0), ("secrets", 9.0)] == [(each.checker, each.at_s) for each in found]


def test_only_the_named_checkers_are_asked() -> None:
    told = story().add("output.leak", who="pilot-1", at=9, file="b", kind="proxy")
    told.add("server.unknown_endpoint", at=3, path="/x", nearest=[])
    assert ["secrets"] == [each.checker for each in inspect(told.flight(), only=["secrets"])]
