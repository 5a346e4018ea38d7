"""The HTML page of a campaign."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest

from reports import page as module
from reports.page import page
from tests.reports.verdicts import BROKEN
from tests.reports.verdicts import FAILED
from tests.reports.verdicts import UNKNOWN
from tests.reports.verdicts import verdict

START = {"t": 1.0, "n": 0, "who": "pilot-1", "what": "pilot.start", "pilot": "pilot-1"}


class Tags(HTMLParser):
    """The tags of a page and what stands in its table."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.cells: list[str] = []
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._inside = tag

    def handle_data(self, data: str) -> None:
        if self._inside in ("td", "a"):
            self.cells.append(data.strip())


def flown(folder: Path, *lines: str) -> dict[str, object]:
    """Return a verdict whose journal, in *folder*, is *lines* after a header."""
    header = json.dumps({"journal": 1, "start": 0.0})
    (folder / "events.jsonl").write_text("\n".join([header, *lines, ""]))
    return verdict(run_dir=str(folder))


def test_the_worst_is_the_first_of_the_table() -> None:
    words = [each for each in Tags(page([verdict(), FAILED, UNKNOWN, BROKEN])).cells if each]
    marks = [each for each in words if each in ("pass", "unknown", "FAIL", "BROKEN")]
    assert ["BROKEN", "FAIL", "unknown", "pass"] == marks


def test_a_flight_is_drawn_from_its_journal(tmp_path: Path) -> None:
    assert "svg" in Tags(page([flown(tmp_path, json.dumps(START))])).tags


def test_a_journal_that_is_cut_is_drawn_as_far_as_it_goes(tmp_path: Path) -> None:
    assert "svg" in Tags(page([flown(tmp_path, json.dumps(START), '{"t": 2.0, "n"')])).tags


def test_a_failure_without_its_journal_is_told_all_the_same(tmp_path: Path) -> None:
    text = page([{**FAILED, "run_dir": str(tmp_path)}])
    assert ("svg" in Tags(text).tags, "no update for 2 h 10 min" in text) == (False, True)


def test_of_many_that_passed_the_first_are_drawn_and_of_those_that_did_not_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PICTURES_MAX", 2)
    passed = flown(tmp_path, json.dumps(START))
    text = page([passed] * 5 + [{**passed, "state": "fail"}] * 2)
    assert 4 == Tags(text).tags.count("svg")


def test_the_page_asks_for_nothing_from_elsewhere(tmp_path: Path) -> None:
    evil = {**START, "pilot": "<img src=http://x.example>"}
    text = page([flown(tmp_path, json.dumps(evil)), verdict(scenario="<script>1</script>")])
    assert set(Tags(text).tags).isdisjoint({"script", "img", "iframe", "object"})
