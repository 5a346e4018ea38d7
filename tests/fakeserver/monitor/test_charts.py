"""Plots: what is drawn is what was given, and all of it is well-formed."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from fakeserver.monitor import charts
from fakeserver.monitor.shapes import element

EVIL = "<script>alert(1)</script>\"'&"


def tree(drawn: Markup) -> ElementTree.Element:
    """Return the drawing as XML; there is nothing in it that runs or loads."""
    assert not re.search(r"<script|javascript:|href|url\(|on\w+=", drawn)
    return ElementTree.fromstring(drawn)


def kinds(drawn: Markup, kind: str, name: str = "") -> list[ElementTree.Element]:
    """Return the elements of a kind, those of a class if one is named."""
    return [
        each for each in tree(drawn).iter(kind) if name in each.get("class", "").split() or not name
    ]


def test_an_element_escapes_everything_that_is_not_markup() -> None:
    drawn = element("text", EVIL, Markup("<b/>"), class_=EVIL, data_x=None, stroke_width=2)
    root = ElementTree.fromstring(drawn)
    assert (EVIL, EVIL, "2") == (root.text, root.get("class"), root.get("stroke-width"))
    assert ["b"] == [child.tag for child in root]
    assert "data-x" not in root.attrib


def test_areas_lie_on_each_other() -> None:
    series = {"finished": [(0.0, 1.0), (10.0, 2.0)], "running": [(0.0, 3.0), (10.0, 1.0)]}
    drawn = charts.areas(series, label="jobs")
    low, high = kinds(drawn, "path", "area")
    assert ("area s-finished", "area s-running") == (low.get("class"), high.get("class"))
    # Of four units on the scale: the first begins at 1, the second lies from there to 4.
    tops = [min(_heights(each)) for each in (low, high)]
    bottom = charts.WIDE.height - charts.BOTTOM
    unit = (bottom - charts.TOP) / 4
    assert [bottom - 2 * unit, charts.TOP] == pytest.approx(tops)
    assert "running: 1 now" == high[0].text


def _heights(path: ElementTree.Element) -> list[float]:
    return [
        float(pair.partition(",")[2]) for pair in re.split("[MLZ]", path.get("d", ""))[1:] if pair
    ]


def test_areas_of_nothing_say_so() -> None:
    for series in ({}, {"running": []}, {"running": [(0.0, 1.0)]}, {"x": [(0.0, 0.0), (1.0, 0.0)]}):
        assert charts.NOTHING_YET in [
            each.text for each in kinds(charts.areas(series, label="l"), "text")
        ]


POINTS = st.lists(st.integers(0, 10_000), min_size=2, max_size=20)


@given(POINTS, POINTS, st.floats(1, 1e8))
def test_areas_stay_in_their_frame(first: list[int], second: list[int], span: float) -> None:
    count = min(len(first), len(second))
    at = [1.7e9 + span * number / (count - 1) for number in range(count)]
    series = {
        name: [(x, float(y)) for x, y in zip(at, values, strict=False)]
        for name, values in (("a", first), ("b", second))
    }
    for path in kinds(charts.areas(series, label="l"), "path", "area"):
        for pair in re.split("[MLZ]", path.get("d", ""))[1:]:
            if pair:
                x, y = map(float, pair.split(","))
                assert charts.LEFT <= x <= charts.WIDE.width - charts.RIGHT
                assert charts.TOP - 0.01 <= y <= charts.WIDE.height - charts.BOTTOM


@given(st.lists(st.floats(0, 1e7), max_size=200))
def test_every_duration_is_in_one_bar(values: list[float]) -> None:
    drawn = charts.histogram(values, label="l", name="running")
    bars = kinds(drawn, "rect", "bar")
    tips = [each[0].text or "" for each in bars]
    counts = [int(tip.split(" of ")[0].replace("\u202f", "")) for tip in tips]
    assert len(values) == sum(counts)
    assert all(float(each.get("width", 0)) > 0 for each in bars)


def test_durations_below_do_not_stand_on_each_other() -> None:
    drawn = charts.histogram([0.1, 1.0, 1e6], label="l", name="running")
    places = sorted(float(each.get("x", 0)) for each in kinds(drawn, "text", "mid"))
    assert len(places) >= 3
    assert all(right - left > 50 for left, right in pairwise(places))


def test_bars_are_as_long_as_their_counts() -> None:
    drawn = charts.bars({"two": 2, EVIL: 4}, label="l", name="failed")
    short, long = (float(each.get("width", 0)) for each in kinds(drawn, "rect"))
    assert 2 * short == pytest.approx(long)
    assert EVIL in [each.text for each in kinds(drawn, "text")]
    assert charts.NOTHING_YET in str(charts.bars({}, label="l"))


def test_a_strip_is_divided_by_counts() -> None:
    drawn = charts.strip({"running": 3, "failed": 1, "sent": 0}, label="l")
    widths = {each.get("class"): float(each.get("width", 0)) for each in kinds(drawn, "rect")}
    assert {"bar s-running": 299.0, "bar s-failed": 99.0} == widths
    assert [] == kinds(charts.strip({}, label="l"), "rect")


def test_a_life_has_a_row_for_each_state() -> None:
    stages = [("sent", 0.0, 10.0), ("running", 10.0, 100.0), ("finished", 100.0, 100.0)]
    drawn = charts.life(stages, label="l")
    bars = kinds(drawn, "rect")
    assert ["bar s-sent", "bar s-running", "bar s-finished"] == [b.get("class") for b in bars]
    left = [float(each.get("x", 0)) for each in bars]
    assert sorted(left) == left
    assert "running from 1970-01-01 00:00:10 for 1 min 30 s" == bars[1][0].text
    assert charts.NOTHING_YET in str(charts.life([], label="l"))


def test_a_spark_is_a_line_or_nothing() -> None:
    (line,) = kinds(charts.spark([0, 2, 1], label="l", name="finished"), "path")
    assert "M1,26L60,2L119,14" == line.get("d")
    for points in ([], [1], [0, 0, 0]):
        assert [] == kinds(charts.spark(points, label="l", name="x"), "path")


def test_every_drawing_says_what_it_is_to_who_cannot_see_it() -> None:
    for drawn in (charts.areas({}, label=EVIL), charts.strip({"a": 1}, label=EVIL)):
        root = tree(drawn)
        assert "img" == root.get("role")
        assert (root[0].text or "").startswith(EVIL)
