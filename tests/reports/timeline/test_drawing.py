"""The picture itself: well-formed, to scale, and nothing in it that a pilot could have meant."""

from __future__ import annotations

from xml.etree import ElementTree as etree

from hypothesis import given
from hypothesis import strategies as st

from reports.timeline import Bar
from reports.timeline import Lane
from reports.timeline import drawing
from reports.timeline.drawing import TICKS_MAX
from reports.timeline.drawing import Scale
from tests.reports.verdicts import finding

EVIL = '<script>alert("x")</script>&'


def rects(svg: str) -> list[tuple[float, float, float]]:
    """Return x, y and width of every bar of *svg*."""
    found = etree.fromstring(svg).iter("rect")
    return [tuple(float(each.attrib[name]) for name in ("x", "y", "width")) for each in found]


def lane(*spans: tuple[float, float]) -> Lane:
    """Return a lane with a bar for each of *spans*."""
    bars = [Bar(begin, end, "b", "good", "b", at) for at, (begin, end) in enumerate(spans)]
    return Lane("copies", bars)


def test_bars_are_to_scale() -> None:
    (first, second) = rects(drawing([lane((0, 25), (50, 100))], seconds=100, findings=[]))
    assert abs(second[2] - 2 * first[2]) < 0.2
    assert abs((second[0] - first[0]) - second[2]) < 0.2


def test_bars_that_overlap_stand_in_rows_and_others_in_one() -> None:
    apart = rects(drawing([lane((0, 10), (20, 30))], seconds=100, findings=[]))
    across = rects(drawing([lane((0, 10), (5, 30))], seconds=100, findings=[]))
    assert (1, 2) == (len({y for _, y, _ in apart}), len({y for _, y, _ in across}))


def test_the_first_row_is_for_what_began_first() -> None:
    (later, earlier) = rects(drawing([lane((50, 60), (0, 55))], seconds=100, findings=[]))
    assert earlier[0] < later[0] if earlier[1] < later[1] else later[0] < earlier[0]


def test_a_moment_can_be_seen_and_pointed_at() -> None:
    ((_, _, width),) = rects(drawing([lane((5, 5))], seconds=86_400, findings=[]))
    assert width >= 2


def test_what_was_violated_is_a_line_that_says_it() -> None:
    picture = drawing([lane((0, 1))], seconds=10, findings=[finding(), finding(expected=True)])
    titles = [each.findtext("title") or "" for each in etree.fromstring(picture).iter("g")]
    said = [title for title in titles if title.startswith("2h01m30s: heartbeat-gap: no update")]
    assert 2 == len(said)
    classes = [each.get("class") for each in etree.fromstring(picture).iter("g")][-2:]
    assert ["finding violated", "finding expected"] == classes


def test_what_a_pilot_wrote_is_text() -> None:
    bars = [Bar(0, 9, EVIL, "bad", EVIL, 1)]
    svg = drawing([Lane(f"pilot {EVIL}", bars)], seconds=10, findings=[finding(text=EVIL)])
    assert ("<script" in svg, EVIL in "".join(etree.fromstring(svg).itertext())) == (False, True)


@given(st.floats(min_value=0, max_value=40 * 86_400))
def test_there_are_never_too_many_times_to_read(seconds: float) -> None:
    ticks = list(Scale(seconds).ticks())
    assert 0 == ticks[0]
    assert len(ticks) <= TICKS_MAX + 1
