"""The picture as SVG: lanes from the top, time to the right, findings as lines through all lanes.

No script and no font of its own; its colours are classes, which the page around it defines.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from typing import Iterator
from typing import Mapping
from typing import Sequence
from xml.sax.saxutils import escape
from xml.sax.saxutils import quoteattr

from reports.timeline.lanes import Bar
from reports.timeline.lanes import Lane
from reports.wording import duration_text

WIDTH, LABELS, MARGIN = 1000.0, 110.0, 30.0
ROW, GAP, TOP = 16.0, 5.0, 24.0
BAR_MIN, LETTER = 2.0, 6.2
TICKS_MAX = 9
ROWS_MAX = 6
STEPS_S = (1, 5, 10, 30, 60, 300, 600, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400)


@dataclass(frozen=True, slots=True)
class Scale:
    """Where a time is on the page."""

    seconds: float

    def x(self, at_s: float) -> float:
        """Return the place of *at_s*, in the units of the picture."""
        return LABELS + (WIDTH - LABELS - MARGIN) * at_s / max(self.seconds, 1e-9)

    def ticks(self) -> Iterator[float]:
        """Yield the times to write above the lanes, few enough to be read."""
        step = next((each for each in STEPS_S if self.seconds / each <= TICKS_MAX), None)
        step = step or STEPS_S[-1] * (1 + int(self.seconds / STEPS_S[-1] / TICKS_MAX))
        yield from (float(each) for each in range(0, int(self.seconds) + 1, step))


def drawing(lanes: Sequence[Lane], *, seconds: float, findings: Sequence[Mapping[str, Any]]) -> str:
    """Return *lanes* over *seconds* as an SVG element; *findings* are a verdict's."""
    scale, y = Scale(seconds), TOP
    body: list[str] = []
    for lane in lanes:
        rows = _rows(lane.bars, scale)
        body.append(f'<text class="lane" x="0" y="{y + 12:.0f}">{escape(lane.name)}</text>')
        body.extend(_bar(bar, row, y, scale) for row, bar in rows)
        y += (max((row for row, _ in rows), default=0) + 1) * ROW + GAP
    head = [_tick(at_s, scale, y) for at_s in scale.ticks()]
    lines = [_finding(each, scale, y) for each in findings]
    return (
        f'<svg class="timeline" viewBox="0 0 {WIDTH:.0f} {y:.0f}" role="img">'
        + "".join([*head, *body, *lines])
        + "</svg>"
    )


def _rows(bars: Sequence[Bar], scale: Scale) -> list[tuple[int, Bar]]:
    """Lay *bars* out so that few cover each other: each in the first row that is free there."""
    free: list[float] = []
    laid = []
    for bar in sorted(bars, key=lambda each: (each.begin_s, each.event)):
        left, right = scale.x(bar.begin_s), max(scale.x(bar.end_s), scale.x(bar.begin_s) + BAR_MIN)
        row = next((at for at, until in enumerate(free) if until <= left + BAR_MIN), len(free))
        if row == len(free) and row < ROWS_MAX:
            free.append(right)
        row = min(row, ROWS_MAX - 1)
        free[row] = max(free[row], right)
        laid.append((row, bar))
    return laid


def _bar(bar: Bar, row: int, y: float, scale: Scale) -> str:
    left = scale.x(bar.begin_s)
    width = max(scale.x(bar.end_s) - left, BAR_MIN)
    top = y + row * ROW
    shown = bar.label if len(bar.label) * LETTER < width else ""
    span = duration_text(bar.begin_s)
    if bar.end_s > bar.begin_s:
        span += f" to {duration_text(bar.end_s)} ({duration_text(bar.end_s - bar.begin_s)})"
    return (
        f'<g class="bar {bar.tone}"><title>{escape(f"{span}: {bar.text} · event {bar.event}")}'
        f'</title><rect x="{left:.1f}" y="{top:.0f}" width="{width:.1f}" height="{ROW - 3:.0f}"/>'
        + (f'<text x="{left + 3:.1f}" y="{top + 10:.0f}">{escape(shown)}</text>' if shown else "")
        + "</g>"
    )


def _tick(at_s: float, scale: Scale, bottom: float) -> str:
    x = scale.x(at_s)
    return (
        f'<g class="tick"><line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 6:.0f}" y2="{bottom:.0f}"/>'
        f'<text x="{x:.1f}" y="{TOP - 10:.0f}">{duration_text(at_s)}</text></g>'
    )


def _finding(finding: Mapping[str, Any], scale: Scale, bottom: float) -> str:
    at_s = float(finding["at_s"])
    x = min(max(scale.x(at_s), LABELS), WIDTH - MARGIN)
    tone = "expected" if finding.get("expected") else "violated"
    text = f"{duration_text(at_s)}: {finding['checker']}: {finding['text']}"
    return (
        f'<g class="finding {tone}" aria-label={quoteattr(text)}><title>{escape(text)}</title>'
        f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 4:.0f}" y2="{bottom:.0f}"/></g>'
    )
