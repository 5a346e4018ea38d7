"""Pilots beside each other, as people read it."""

from __future__ import annotations

from harness.comparison import Difference
from harness.comparison import Explanation
from reports.comparison import comparison_markdown
from reports.comparison import comparison_text
from reports.comparison import unexplained

WHY = Explanation(("*",), ("*",), ("exit code",), "pilot3", "it exits 0 | always")
KNOWN = Difference("sigterm", "3.7", "exit code", "143", "0", WHY)
OPEN = Difference("sigterm", "3.7", "requests update_job", "2", "4", None)
FLOWN = {("sigterm", "3.7"): [KNOWN, OPEN], ("first-job", "3.7"): []}


def test_a_terminal_shows_a_line_a_flight_and_one_a_difference() -> None:
    assert [
        "sigterm  3.7: 2 differences",
        "    exit code: 143 -> 0   (pilot3: it exits 0 | always)",
        "    requests update_job: 2 -> 4   (not explained yet)",
        "first-job  3.7: as core",
    ] == comparison_text(FLOWN, first="core").splitlines()


def test_a_page_shows_what_agrees_and_why_the_rest_does_not() -> None:
    aspects = ("state", "exit code", "requests")
    page = comparison_markdown(FLOWN, first="core", aspects=aspects, command="flightsim compare")
    lines = page.splitlines()
    assert "    flightsim compare" in lines
    assert "| sigterm | 3.7 | = | ≠ | ≠ |" in lines
    assert "| first-job | 3.7 | = | = | = |" in lines
    assert "| sigterm | 3.7 | exit code | 143 | 0 | pilot3 | it exits 0 \\| always |" in lines
    assert "| sigterm | 3.7 | requests update_job | 2 | 4 | ? | not explained yet |" in lines


def test_what_nobody_has_explained_is_told() -> None:
    assert [OPEN] == unexplained(FLOWN)
