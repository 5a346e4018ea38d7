"""Round numbers and instants."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakeserver.monitor.scales import Scale
from fakeserver.monitor.scales import ago_text
from fakeserver.monitor.scales import instant_text
from fakeserver.monitor.scales import moment_text
from fakeserver.monitor.scales import number_text
from fakeserver.monitor.scales import round_step
from fakeserver.monitor.scales import size_text
from fakeserver.monitor.scales import span_text
from fakeserver.monitor.scales import ticks
from fakeserver.monitor.scales import time_ticks

HOUR = 3600.0


def test_a_scale_goes_from_end_to_end() -> None:
    scale = Scale(10, 20, 100, 0)
    assert (100.0, 50.0, 0.0) == (scale(10), scale(15), scale(20))
    assert 7.0 == Scale(3, 3, 7, 90)(3)


@pytest.mark.parametrize(
    ("high", "expected"),
    [
        (4, [0, 1, 2, 3, 4]),
        (1, [0, 1]),
        (0, [0]),
        (7, [0, 2, 4, 6, 8]),
        (328, [0, 100, 200, 300, 400]),
        (0.4, [0, 0.1, 0.2, 0.3, 0.4]),
    ],
)
def test_ticks_are_round_and_reach_the_top(high: float, expected: list[float]) -> None:
    assert expected == ticks(high)


@given(st.floats(0.001, 1e9))
def test_ticks_are_few_and_cover_everything(high: float) -> None:
    marks = ticks(high)
    assert 0 == marks[0]
    assert marks[-1] >= high * (1 - 1e-9)
    assert len(marks) <= 6


@given(st.floats(0, 4e9), st.floats(1, 3e8))
def test_time_ticks_are_inside_and_few(begin: float, span: float) -> None:
    marks = time_ticks(begin, begin + span)
    assert all(begin <= mark <= begin + span for mark in marks)
    assert len(marks) <= 8
    assert sorted(set(marks)) == marks


def test_time_ticks_are_at_whole_hours() -> None:
    assert [7 * HOUR, 8 * HOUR, 9 * HOUR] == time_ticks(6.5 * HOUR, 9.9 * HOUR, count=4)


@pytest.mark.parametrize(("span", "expected"), [(60, "06:00:07"), (7200, "06:00"), (9e5, "Mar 2")])
def test_an_instant_is_written_as_its_span_needs(span: float, expected: str) -> None:
    assert expected == instant_text(1_772_431_207.0, span_s=span)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (None, "–"),
        (0, "0 s"),
        (0.25, "0.2 s"),
        (9.96, "10 s"),
        (59.6, "1 min"),
        (61, "1 min 1 s"),
        (3600, "1 h"),
        (3725, "1 h 2 min"),
        (90_000, "1 d 1 h"),
        (-61, "-1 min 1 s"),
    ],
)
def test_a_span_has_at_most_two_units(seconds: float | None, expected: str) -> None:
    assert expected == span_text(seconds)


def test_numbers_and_moments() -> None:
    assert ("1\u202f234\u202f567", "0.5") == (number_text(1234567), number_text(0.5))
    assert ("2026-03-02 06:00:00", "–", "–") == (
        moment_text(1_772_431_200.0),
        moment_text(0.0),
        moment_text(None),
    )


@pytest.mark.parametrize(
    ("before_s", "text"),
    [
        (0, "now"),
        (59, "59 s ago"),
        (60, "1 min ago"),
        (7199, "1 h ago"),
        (200_000, "2 d ago"),
        (-90, "in 1 min 30 s"),
    ],
)
def test_instants_are_told_by_how_long_ago(before_s: float, text: str) -> None:
    assert text == ago_text(10**9 - before_s, 10**9)
    assert "–" == ago_text(None, 10**9)


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        ("500000000", "500 MB"),
        (1_234_567, "1.23 MB"),
        (5e15, "5e+03 TB"),
        (None, "–"),
        ("NULL", "–"),
        ("much", "much"),
    ],
)
def test_sizes_have_units(size: object, text: str) -> None:
    assert text == size_text(size)


@pytest.mark.parametrize(("span_s", "step"), [(0, 1), (47, 1), (6 * 3600, 600), (10**7, 3 * 86400)])
def test_a_round_step_covers_a_time(span_s: float, step: int) -> None:
    assert step == round_step(span_s, count=48)
