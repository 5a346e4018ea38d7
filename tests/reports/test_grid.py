"""The table of a grid."""

from __future__ import annotations

import csv

import pytest

from reports.grid import amount
from reports.grid import minutes
from reports.grid import site_rows
from reports.grid import summary
from reports.grid import table
from tests.fakesites.grid.small_grid import Small
from tests.fakesites.grid.small_grid import jobs
from tests.fakesites.grid.small_grid import site


@pytest.fixture(scope="module")
def small() -> Small:
    work = [*jobs(8, input_bytes=10**9, source="A"), *jobs(1, cores=9)]
    return Small(site("A"), site("B", system="lsf"), work=work)


def test_there_is_a_line_for_each_site_under_one_of_columns(small: Small) -> None:
    heading, first, second = table(small.outcome.sites).splitlines()
    assert heading.split()[:4] == ["site", "batch", "pilots", "by"]
    assert first.split()[:4] == ["A", "htcondor-ce", "pull", "4"]
    assert second.split()[:3] == ["B", "lsf", "pull"]
    assert len(heading) <= 200


def test_the_summary_counts_every_job(small: Small) -> None:
    text = summary(small.outcome.grid, duration_s=small.outcome.duration_s)
    assert "9 jobs, 8 finished, 0 failed, 0 under way" in text
    assert text.endswith("1 jobs fit on no host of any site")


def test_the_csv_has_numbers_and_words_and_nothing_nested(small: Small) -> None:
    rows = list(csv.DictReader(site_rows(small.outcome.sites).splitlines()))
    assert [row["site"] for row in rows] == ["A", "B"]
    assert sum(int(row["finished"]) for row in rows) == 8
    assert {"words", "codes"}.isdisjoint(rows[0])


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 B"), (999, "999 B"), (12_300_000_000_000, "12.3 TB")]
)
def test_amounts_are_written_as_people_write_them(count: float, text: str) -> None:
    assert amount(count) == text


@pytest.mark.parametrize(("seconds", "text"), [(45.2, "45 s"), (720, "12 min"), (12_600, "3.5 h")])
def test_waits_are_written_as_people_read_them(seconds: float, text: str) -> None:
    assert minutes(seconds) == text
