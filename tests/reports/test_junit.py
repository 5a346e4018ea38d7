"""The JUnit report."""

from __future__ import annotations

from xml.etree import ElementTree as etree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.junit import junit_xml
from tests.reports.verdicts import BROKEN
from tests.reports.verdicts import FAILED
from tests.reports.verdicts import UNKNOWN
from tests.reports.verdicts import verdict

ALL = [verdict(), FAILED, UNKNOWN, BROKEN]


def suite(verdicts: list[dict[str, object]]) -> etree.Element:
    """Return the test suite of *verdicts*."""
    root = etree.fromstring(junit_xml(verdicts))
    assert "testsuites" == root.tag
    return root[0]


def test_the_suite_counts_failures_apart_from_errors() -> None:
    expected = {
        "name": "flightsim",
        "tests": "4",
        "failures": "1",
        "errors": "2",
        "skipped": "0",
        "time": "5.000",
    }
    assert expected == suite(ALL).attrib


def test_each_flight_is_a_case() -> None:
    cases = [(case.get("classname"), case.get("name")) for case in suite(ALL)]
    expected = ("flightsim.hanging-transfer", "core::seed=7")
    assert (4, expected) == (len(cases), cases[1])


def test_seed_and_journal_are_properties() -> None:
    (case,) = suite([verdict()])
    properties = {each.get("name"): each.get("value") for each in case.iter("property")}
    assert ("7", "ab" * 32) == (properties["seed"], properties["sha256"])


@pytest.mark.parametrize(
    ("number", "tag", "kind", "message"),
    [
        (1, "failure", "fail", "heartbeat-gap, 1 unmet"),
        (2, "error", "unknown", "the journal breaks off at 0:10:00"),
        (3, "error", "broken", "RuntimeError: ours"),
    ],
)
def test_failed_is_the_pilots_and_an_error_is_not(
    number: int, tag: str, kind: str, message: str
) -> None:
    case = suite(ALL)[number]
    (result,) = [each for each in case if each.tag != "properties"]
    assert (tag, kind, message) == (result.tag, result.get("type"), result.get("message"))


def test_the_text_of_a_failure_is_its_block() -> None:
    (failure,) = suite([FAILED]).iter("failure")
    assert (failure.text or "").startswith("FAIL  hanging-transfer · core · seed 7\n")


def test_a_flight_that_passed_has_no_result() -> None:
    assert ["properties"] == [each.tag for each in suite([verdict()])[0]]


@given(st.text(alphabet=st.characters(codec=None)))
def test_whatever_a_pilot_wrote_the_report_is_xml(text: str) -> None:
    suite([verdict(state="broken", notes=[text], run_dir=text, scenario=text)])
