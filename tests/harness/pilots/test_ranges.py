"""Ranges of released versions."""

from __future__ import annotations

import re

import pytest

from harness.pilots.ranges import is_range
from harness.pilots.ranges import numbers_of
from harness.pilots.ranges import within

VERSIONS = ("2.12.8.1", "3.1.0.63", "3.5.0.31", "3.5.1.4", "3.7.0.4", "3.7.0.36")


@pytest.mark.parametrize(
    ("text", "expect"),
    [
        (">=3.5", ("3.5.0.31", "3.5.1.4", "3.7.0.4", "3.7.0.36")),
        (">3.5.1.4", ("3.7.0.4", "3.7.0.36")),
        ("<3", ("2.12.8.1",)),
        ("<=3.1.0.63", ("2.12.8.1", "3.1.0.63")),
        (">=3.2, <3.7", ("3.5.0.31", "3.5.1.4")),
        ("3.5.*", ("3.5.0.31", "3.5.1.4")),
        ("==3.5.*", ("3.5.0.31", "3.5.1.4")),
        ("!=3.5.*,>=3", ("3.1.0.63", "3.7.0.4", "3.7.0.36")),
        ("==3.7.0.4", ("3.7.0.4",)),
        ("~=3.5.0", ("3.5.0.31", "3.5.1.4")),
        ("*", VERSIONS),
        ("all", VERSIONS),
        (">=9", ()),
    ],
)
def test_a_range_holds_what_all_its_clauses_hold(text: str, expect: tuple[str, ...]) -> None:
    assert expect == within(text, reversed(VERSIONS))


def test_versions_are_numbers_not_text() -> None:
    assert numbers_of("3.7.0.4") < numbers_of("3.7.0.36") < numbers_of("3.10.0.1")


def test_a_shorter_number_means_zeros() -> None:
    assert ("3.0.0.0",) == within("==3", ("3.0.0.0", "3.0.0.1"))


@pytest.mark.parametrize(
    ("text", "clause"), [(">=", ">="), (">=x", ">=x"), (">=3,x,<4", "x"), ("==1.*.2", "==1.*.2")]
)
def test_what_cannot_be_read_is_named(text: str, clause: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(clause)}$"):
        within(text, VERSIONS)


@pytest.mark.parametrize(
    ("text", "expect"),
    [("3.7.0.36", False), ("latest", False), (">=3", True), ("3.5.*", True), ("*", True)],
)
def test_a_range_can_be_told_from_a_version(text: str, expect: bool) -> None:
    assert expect is is_range(text)
