"""Verdicts of many releases at a glance."""

from __future__ import annotations

from typing import Any

from reports.releases import release_markdown
from reports.releases import release_table
from tests.reports.verdicts import verdict


def flight(pilot: str, scenario: str, state: str, **more: Any) -> dict[str, Any]:
    return {**verdict(state=state, scenario=scenario, pilot=pilot), "python": "3.11", **more}


BLAME = {"text": "pilot/control/job.py:7: TypeError: no | <t>", "code": "f(a | b)"}
FLIGHTS = [
    flight("pypi-3.1", "first-job", "fail", release="3.1", blame=BLAME, python="3.9"),
    flight("pypi-3.1", "experiment[atlas]", "pass", release="3.1", python="3.9"),
    flight("pypi-3.7", "first-job", "pass", release="3.7"),
]


def test_a_row_is_a_release_and_a_column_a_scenario() -> None:
    assert release_table(FLIGHTS).splitlines() == [
        "pilot  python  first-job  experiment[atlas]",
        "3.1    3.9     FAIL       pass",
        "3.7    3.11    pass       –",
        "",
        "3.1 first-job",
        "    pilot/control/job.py:7: TypeError: no | <t>",
    ]


def test_where_all_passed_there_are_no_reasons() -> None:
    assert 2 == len(release_table(FLIGHTS[2:]).splitlines())
    assert "## Why" not in release_markdown(FLIGHTS[2:], command="x")


def test_a_page_says_how_it_was_made_and_shows_the_line() -> None:
    page = release_markdown(FLIGHTS, command="flightsim releases").splitlines()
    assert "# Releases on first-job and experiment" == page[0]
    assert "    flightsim releases" in page
    assert "| 3.1 | 3.9 | FAIL | pass |" in page
    reason = "pilot/control/job.py:7: TypeError: no \\| &lt;t>"
    assert f"| 3.1 first-job | {reason} | `f(a \\| b)` |" == page[-1]


def test_a_failure_without_a_traceback_is_told_by_what_was_found() -> None:
    text = release_table([flight("pypi-3.2", "x", "fail", unmet=["a", "b"], findings=[])])
    assert "pypi-3.2 x\n    2 unmet" in text
