"""What a run of flights came to."""

from __future__ import annotations

import pytest

from reports.summary import CUT
from reports.summary import markdown
from reports.summary import totals
from tests.reports.verdicts import BROKEN
from tests.reports.verdicts import FAILED
from tests.reports.verdicts import UNKNOWN
from tests.reports.verdicts import verdict


def test_the_totals_count_flights_by_verdict() -> None:
    expected = "4 flights: 1 passed, 1 unknown, 1 failed, 1 broken (8h08m20s flown in 5.0s)"
    assert expected == totals([BROKEN, FAILED, verdict(), UNKNOWN])


def test_flights_side_by_side_take_less_than_their_sum() -> None:
    expected = "2 flights: 2 passed (4h04m10s flown in 1.5s)"
    assert expected == totals([verdict(), verdict()], elapsed_s=1.5)


def test_a_run_cut_short_says_how_many_there_were_to_be() -> None:
    expected = "1 of 3 flights: 1 passed (2h02m05s flown in 1.2s)"
    assert expected == totals([verdict()], planned=3)
    assert "0 of 3 flights: none is over (0s flown in 0.0s)" == totals([], planned=3)


def test_the_page_has_the_worst_first_and_the_block_of_each_failure() -> None:
    lines = markdown([verdict(), FAILED]).splitlines()
    assert "### flightsim: 2 flights: 1 passed, 1 failed (4h04m10s flown in 2.5s)" == lines[0]
    assert ["| FAIL | hanging-transfer", "| pass | first-job"] == [
        line.rpartition(" | core")[0] for line in lines[4:6]
    ]
    assert "FAIL  hanging-transfer · core · seed 7" in lines


def test_what_a_pilot_wrote_stays_in_its_cell_and_in_its_fence() -> None:
    note = "a|b <img src=x>\n```\n# boo"
    page = markdown([verdict(state="unknown", notes=[note])])
    assert "a\\|b &lt;img src=x>" in page
    assert 2 == sum(line.startswith("```") for line in page.splitlines())


@pytest.mark.parametrize("limit", [300, 1000, 5000])
def test_a_page_keeps_to_its_limit_and_says_so(limit: int) -> None:
    page = markdown([FAILED] * 100, limit=limit)
    assert len(page.encode()) <= limit
    assert page.endswith(f"{CUT}\n")
