"""flightsim report: rendered again from what was kept."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as etree

import pytest

from harness.cli import main
from reports.verdict_json import write_verdict
from tests.reports.verdicts import FAILED
from tests.reports.verdicts import verdict

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two runs, a draft of a third and a link to the latest."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "runs"
    for place, content in (
        ("first-job/core-7", verdict()),
        ("hanging-transfer/core-7", FAILED),
        ("first-job/.core-7.draft-1", verdict(seed=99)),
    ):
        (folder / place).mkdir(parents=True)
        write_verdict(folder / place / "verdict.json", content)
    (folder / "latest").symlink_to("first-job/core-7")
    return folder


def test_every_run_is_reported_once_and_drafts_are_not(capsys: Capture) -> None:
    assert 0 == main(["report", "runs"])
    lines = capsys.readouterr().out.splitlines()
    assert ["pass     first-job", "FAIL     hanging-transfer"] == [
        line.partition("  core")[0].rstrip() for line in lines[1:3]
    ]
    assert "FAIL  hanging-transfer · core · seed 7" in lines
    assert lines[-1].startswith("2 flights: 1 passed, 1 failed")


def test_one_run_is_reported_by_its_folder_or_the_link(capsys: Capture) -> None:
    for name in ("runs/first-job/core-7", "runs/latest"):
        main(["report", name, "--json"])
        assert "first-job" == json.loads(capsys.readouterr().out)["scenario"]


def test_a_report_can_be_a_page_or_junit(runs: Path, capsys: Capture) -> None:
    main(["report", "--markdown", "--junit", "junit.xml"])
    assert capsys.readouterr().out.startswith("### flightsim: 2 flights")
    assert "2" == etree.parse("junit.xml").getroot()[0].get("tests")


def test_a_report_can_be_drawn(runs: Path) -> None:
    main(["report", "--html", "out/report.html"])
    assert 2 == Path("out/report.html").read_text().count('<td class="mark">')


def test_nothing_to_report_is_a_matter_of_usage(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "empty").mkdir()
    assert 3 == main(["report", "empty"])
    assert "empty: no verdict.json here" in capsys.readouterr().err
