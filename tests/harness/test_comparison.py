"""What pilots do differently, aspect by aspect, and why."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.comparison import Explanation
from harness.comparison import Profile
from harness.comparison import differences
from harness.comparison import profile_of
from harness.comparison import read_explanations
from simkernel import ScenarioError
from tests.harness.journals import Story
from tests.harness.journals import story

WHY = Explanation(("other", "sigterm[[]stage-in]"), ("pypi-3.*",), ("*",), "pilot3", "it forgets")


def told(*, state: str = "finished", at: float = 7200.0, code: int = 0, beats: int = 1) -> Story:
    there = story().pilot(at=1).dispatch(at=10)
    for number in range(beats):
        there.update("running", at=20.0 + number)
    return there.final(state, at=at).leave(at=at + 5, code=code).end(at=at + 10)


def profile(flight: Story, pilot: str = "core", verdict: str = "pass") -> Profile:
    return profile_of(flight.flight(), scenario="sigterm[stage-in]", pilot=pilot, verdict=verdict)


def found(first: Story, other: Story, *why: Explanation) -> dict[str, tuple[str, str]]:
    rows = differences(profile(first), profile(other, "pypi-3.7"), why)
    return {row.aspect: (row.first, row.other) for row in rows}


def test_equal_flights_have_no_difference() -> None:
    assert {} == found(told(), told())


@pytest.mark.parametrize(
    ("other", "expect"),
    [
        (told(code=1), {"exit code": ("0", "1")}),
        (told(beats=3), {"requests update_job": ("2", "4")}),
        (told(at=9000), {"time": ("7190 s", "8990 s")}),
        (told(at=7290), {}),
        (told(state="failed"), {"state": ("finished", "failed"), "error": ("–", "1305")}),
    ],
)
def test_each_aspect_is_told_by_itself(other: Story, expect: dict[str, tuple[str, str]]) -> None:
    assert expect == found(told(), other)


def test_the_order_of_phases_is_each_pilots_own() -> None:
    two = told().pilot("pilot-2", at=8000).leave(at=8001)
    assert ("start get-job stage-in final | start get-job") == profile(two).texts["order"]
    assert "order" in found(told(), two)


def test_a_pilot_that_was_killed_has_no_exit_code() -> None:
    killed = story().pilot().leave(at=3, code=0, signal=9)
    assert ("signal 9", "–") == (profile(killed).texts["exit code"], profile(killed).texts["time"])


def test_verdicts_are_compared() -> None:
    rows = differences(profile(told()), profile(told(), verdict="fail"), ())
    assert [("verdict", "pass", "fail")] == [(row.aspect, row.first, row.other) for row in rows]


def test_the_first_explanation_that_fits_explains(tmp_path: Path) -> None:
    path = tmp_path / "why.toml"
    path.write_text(
        '[[difference]]\nscenario = "sigterm[payload]"\nwhose = "x"\nbecause = "another variant"\n'
        '[[difference]]\nscenario = "sigterm[stage-in]"\naspect = "exit code"\n'
        'whose = "pilot3"\nbecause = "it forgets"\n'
        '[[difference]]\nwhose = "nobody"\nbecause = "anything else"\n'
    )
    rows = differences(profile(told()), profile(told(code=1, beats=2)), read_explanations(path))
    assert {"exit code": "pilot3", "requests update_job": "nobody"} == {
        row.aspect: row.explained.whose for row in rows if row.explained
    }


def test_a_pattern_stands_for_many_pilots() -> None:
    (row,) = differences(profile(told()), profile(told(code=1), "core-2"), (WHY,))
    assert row.explained is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[[difference]]\nwhose = 'x'\n", "says nothing in 'because'"),
        ("[[difference]]\nwhose = 'x'\nbecause = ' '\n", "says nothing in 'because'"),
        ("[[difference]]\nwhos = 'x'\nbecause = 'y'\n", "unknown key 'whos'"),
        ("[[difference]]\nwhose='x'\nbecause='y'\naspect='ordr'\n", "no aspect is called 'ordr'"),
        ("difference = 1\n", "two brackets"),
        ("difference = [1]\n", "difference 1: is no table"),
        ("[[difference\n", "cannot be read"),
    ],
)
def test_a_mistake_in_the_file_is_told_with_its_place(text: str, why: str, tmp_path: Path) -> None:
    path = tmp_path / "why.toml"
    path.write_text(text)
    with pytest.raises(ScenarioError) as caught:
        read_explanations(path)
    assert why in str(caught.value)
    assert str(path) in str(caught.value)
