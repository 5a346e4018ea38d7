"""Plots as SVG: areas over time, bars, histograms, the life of a job. Pure functions of data.

Colours are classes (``s-running``, ``s-failed``), which the page's style gives a light and a
dark value; nothing is loaded from anywhere.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Mapping
from typing import Sequence

from markupsafe import Markup

from fakeserver.monitor.scales import Scale
from fakeserver.monitor.scales import instant_text
from fakeserver.monitor.scales import moment_text
from fakeserver.monitor.scales import number_text
from fakeserver.monitor.scales import span_text
from fakeserver.monitor.scales import ticks
from fakeserver.monitor.scales import time_ticks
from fakeserver.monitor.shapes import drawing
from fakeserver.monitor.shapes import element
from fakeserver.monitor.shapes import path
from fakeserver.monitor.shapes import told

LEFT, RIGHT, TOP, BOTTOM = 44, 24, 12, 26
NOTHING_YET = "nothing yet"
BINS = 24
ROW = 26
TEXTS = 380
SHORTEST_S = 0.1
SPANS_S = (0.1, 0.3, 1, 3, 10, 30, 60, 180, 600, 1800, 3600, 10800, 43200, 86400, 259200, 604800)

Point = tuple[float, float]
Series = Mapping[str, Sequence[Point]]


@dataclass(frozen=True, slots=True)
class Size:
    """How large a plot is before it grows with its place; letters grow with it."""

    width: int
    height: int


WIDE = Size(1000, 260)
HALF = Size(460, 200)
THIRD = Size(330, 170)


@dataclass(frozen=True, slots=True)
class Frame:
    """The space of a plot of some *size*: *x* and *y* scales."""

    x: Scale
    y: Scale
    size: Size

    def grid(self, marks: Sequence[float]) -> list[Markup]:
        """Return lines across at *marks*, with numbers."""
        drawn = []
        for mark in marks:
            y = self.y(mark)
            right = self.size.width - RIGHT
            drawn.append(element("line", x1=LEFT, x2=right, y1=y, y2=y, class_="grid"))
            drawn.append(element("text", number_text(mark), x=LEFT - 8, y=y + 4, class_="tick end"))
        return drawn

    def times(self) -> list[Markup]:
        """Return instants below."""
        span = self.x.high - self.x.low
        instants = time_ticks(self.x.low, self.x.high, count=self.size.width // 110)
        return [self.below(instant_text(at, span_s=span), self.x(at)) for at in instants]

    def below(self, text: str, x: float) -> Markup:
        """Return a text below *x*."""
        return element("text", text, x=x, y=self.size.height - 8, class_="tick mid")


def frame(begin: float, end: float, *, high: float, size: Size) -> tuple[Frame, list[float]]:
    """Return a frame from *begin* to *end* with room for *high*, and the marks of its side."""
    marks = ticks(high)
    x = Scale(begin, end, LEFT, size.width - RIGHT)
    return Frame(x, Scale(0.0, marks[-1], size.height - BOTTOM, TOP), size), marks


def empty(label: str, *, size: Size) -> Markup:
    """Return a plot of nothing."""
    words = element("text", NOTHING_YET, x=size.width / 2, y=size.height / 2, class_="nothing mid")
    return drawing(words, width=size.width, height=size.height, label=f"{label}: {NOTHING_YET}")


def areas(series: Series, *, label: str, size: Size = WIDE) -> Markup:
    """Return steps that lie on each other: how many of each kind at each time.

    All of *series* have the same instants, in order.
    """
    instants = [at for at, _ in next(iter(series.values()), ())]
    totals = [sum(points[i][1] for points in series.values()) for i in range(len(instants))]
    if len(instants) < 2 or not any(totals):
        return empty(label, size=size)
    space, marks = frame(instants[0], instants[-1], high=max(totals), size=size)
    floor = [0.0] * len(instants)
    drawn = []
    for name, points in series.items():
        roof = [below + value for below, (_, value) in zip(floor, points, strict=True)]
        if roof != floor:
            outline = [*steps(space, instants, roof), *reversed(steps(space, instants, floor))]
            tip = f"{name}: {number_text(points[-1][1])} now"
            drawn.append(told("path", tip, d=path(outline, close=True), class_=f"area s-{name}"))
        floor = roof
    lines, times = space.grid(marks), space.times()
    return drawing(*lines, *drawn, *times, width=size.width, height=size.height, label=label)


def steps(space: Frame, instants: Sequence[float], values: Sequence[float]) -> list[Point]:
    """Return a line that stays at each value until the next instant."""
    points: list[Point] = []
    for number, (at, value) in enumerate(zip(instants, values, strict=True)):
        if number:
            points.append((space.x(at), space.y(values[number - 1])))
        points.append((space.x(at), space.y(value)))
    return points


def histogram(values: Sequence[float], *, label: str, name: str, size: Size = THIRD) -> Markup:
    """Return how often which duration (seconds) occurs, on a logarithmic scale."""
    usable = [max(value, SHORTEST_S) for value in values]
    if not usable:
        return empty(label, size=size)
    low, high = math.log10(min(usable)) - 0.05, math.log10(max(usable)) + 0.05
    high = max(high, low + 0.5)
    bins = [0] * BINS
    for value in usable:
        bins[min(BINS - 1, int((math.log10(value) - low) / (high - low) * BINS))] += 1
    space, marks = frame(low, high, high=max(bins), size=size)
    bars = [_bar(space, number, bins[number], name=name) for number in range(BINS) if bins[number]]
    below = [space.below(_least(each), space.x(math.log10(each))) for each in _spans(space)]
    lines = space.grid(marks)
    return drawing(*lines, *bars, *below, width=size.width, height=size.height, label=label)


def _least(span_s: float) -> str:
    """Return a duration as it stands below; at the left end there is all that is shorter."""
    return f"≤ {span_text(span_s)}" if span_s <= SHORTEST_S else span_text(span_s)


def _bar(space: Frame, number: int, count: int, *, name: str) -> Markup:
    low, high = space.x.low, space.x.high
    begin, end = (low + (high - low) * at / BINS for at in (number, number + 1))
    tip = f"{number_text(count)} of {span_text(10**begin)} to {span_text(10**end)}"
    left, right, top = space.x(begin) + 1, space.x(end) - 1, space.y(count)
    return told(
        "rect",
        tip,
        x=round(left, 2),
        y=top,
        width=round(right - left, 2),
        height=round(space.size.height - BOTTOM - top, 2),
        rx=2,
        class_=f"bar s-{name}",
    )


def _spans(space: Frame) -> list[float]:
    """Return round durations that fit below, the fewer the closer they would stand."""
    for spans in (SPANS_S, SPANS_S[::2], SPANS_S[::4]):
        shown = [each for each in spans if space.x.low <= math.log10(each) <= space.x.high]
        places = [space.x(math.log10(each)) for each in shown]
        if all(right - left > 50 for left, right in pairwise(places)):
            return shown
    return shown


def bars(counts: Mapping[str, float], *, label: str, name: str = "") -> Markup:
    """Return one bar across for each of *counts*, in the order given; *name* is their colour."""
    if not counts:
        return empty(label, size=Size(WIDE.width, 4 * ROW))
    longest = max(counts.values()) or 1
    drawn = []
    for row, (text, count) in enumerate(counts.items()):
        y, width = row * ROW + 4, round(count / longest * (WIDE.width - TEXTS - 70), 2)
        drawn += [
            element("text", text, x=TEXTS - 10, y=y + 14, class_="tick end"),
            told(
                "rect",
                f"{text}: {number_text(count)}",
                x=TEXTS,
                y=y,
                width=max(width, 2),
                height=ROW - 8,
                rx=3,
                class_=f"bar s-{name or text}",
            ),
            element("text", number_text(count), x=TEXTS + 8 + width, y=y + 14, class_="tick"),
        ]
    return drawing(*drawn, width=WIDE.width, height=ROW * len(counts) + 4, label=label)


def strip(counts: Mapping[str, float], *, label: str) -> Markup:
    """Return one thin bar in which each kind has its part."""
    size, total = Size(400, 10), sum(counts.values())
    x, drawn = 0.0, []
    for name, count in counts.items():
        width = count / total * size.width if total else 0.0
        if count:
            wide = round(max(width - 1, 1), 2)
            tip = f"{name}: {number_text(count)}"
            place = {"x": round(x, 2), "y": 0, "width": wide, "height": size.height}
            drawn.append(told("rect", tip, class_=f"bar s-{name}", **place))
        x += width
    return drawing(*drawn, width=size.width, height=size.height, label=label, class_="strip")


def life(stages: Sequence[tuple[str, float, float]], *, label: str) -> Markup:
    """Return the life of a job: *stages* of name, begin and end (POSIX), one row each."""
    width = HALF.width
    if not stages:
        return empty(label, size=Size(width, 4 * ROW))
    begin, end = stages[0][1], max(stage[2] for stage in stages)
    x = Scale(begin, max(end, begin + 1), 90, width - 80)
    drawn = []
    for row, (name, since, until) in enumerate(stages):
        y, left = row * ROW + 4, x(since)
        wide, lasted = round(max(x(until) - left, 3), 2), span_text(until - since)
        place = {"x": left, "y": y, "width": wide, "height": ROW - 8, "rx": 3}
        tip = f"{name} from {moment_text(since)} for {lasted}"
        line = {"x1": 90, "x2": width - 80, "y1": y + ROW - 4, "y2": y + ROW - 4}
        drawn += [
            element("text", name, x=80, y=y + 14, class_="tick end"),
            element("line", class_="grid", **line),
            told("rect", tip, class_=f"bar s-{name}", **place),
            element("text", lasted, x=left + wide + 6, y=y + 14, class_="tick"),
        ]
    return drawing(*drawn, width=width, height=ROW * len(stages) + 4, label=label)


def spark(points: Sequence[float], *, label: str, name: str) -> Markup:
    """Return a small line without scales."""
    width, height = 120, 28
    if len(points) < 2 or not max(points):
        return drawing(width=width, height=height, label=label, class_="spark")
    x, y = Scale(0, len(points) - 1, 1, width - 1), Scale(0, max(points), height - 2, 2)
    line = path((x(number), y(value)) for number, value in enumerate(points))
    return drawing(
        element("path", d=line, class_=f"line s-{name}"),
        width=width,
        height=height,
        label=label,
        class_="spark",
    )
