"""PanDA job traces: read with care, written so that they can be read again."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from fakesites.grid.records import Job
from fakesites.grid.traces import COLUMNS
from fakesites.grid.traces import read_trace
from simkernel import ScenarioError
from tests.fakesites.grid.small_grid import Small
from tests.fakesites.grid.small_grid import jobs
from tests.fakesites.grid.small_grid import site

SITES = {"A": "A", "A_QUEUE": "A"}
ROW = {
    "pandaid": "6000000001",
    "creationtime": "1/27/2025 2:51",
    "cpuconsumptiontime": "3600",
    "corecount": "8",
    "computingsite": "A_QUEUE",
    "jobstatus": "finished",
    "inputfilebytes": "1000",
    "outputfilebytes": "20.0",
    "pilottiming": "0|5|1181|5|3|8",
    "piloterrorcode": "1099",
}


def written(folder: Path, *rows: dict[str, str]) -> Path:
    path = folder / "jobs.csv"
    with path.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, list({key: 0 for row in rows for key in row}))
        writer.writeheader()
        writer.writerows(rows)
    return path


def one(folder: Path, **changes: str) -> Job:
    (job,) = read_trace(written(folder, {**ROW, **changes}), sites=SITES)
    return job


def test_a_row_is_a_job(tmp_path: Path) -> None:
    job = one(tmp_path)
    assert (job.number, job.cores, job.payload_s, job.site) == (6000000001, 8, 1181.0, "A")
    assert (job.input_bytes, job.output_bytes, job.code, job.created) == (1000, 20, 0, 0.0)


def test_without_a_timing_the_payload_takes_its_cpu_time_on_its_cores(tmp_path: Path) -> None:
    assert one(tmp_path, pilottiming="").payload_s == 450.0


def test_a_job_that_had_failed_fails_with_its_code(tmp_path: Path) -> None:
    assert one(tmp_path, jobstatus="failed").code == 1099


@pytest.mark.parametrize(
    "later",
    ["1/27/2025 2:52", "2025-01-27 02:52:00", "2025-01-27T02:52:00+00:00", "27-Jan-2025 02:52:00"],
)
def test_jobs_come_in_the_order_of_their_creation(tmp_path: Path, later: str) -> None:
    rows = {**ROW, "pandaid": "2", "creationtime": later}, ROW
    assert [job.created for job in read_trace(written(tmp_path, *rows), sites=SITES)] == [0.0, 60.0]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"creationtime": "tomorrow"}, "jobs.csv:2: creationtime = 'tomorrow' is no time"),
        ({"corecount": "many"}, "jobs.csv:2: corecount = 'many' is no number"),
        ({"inputfilebytes": "-1"}, "jobs.csv:2: inputfilebytes = '-1' is out of range"),
    ],
)
def test_a_row_that_is_no_job_is_said_with_its_line(
    tmp_path: Path, changes: dict[str, str], said: str
) -> None:
    with pytest.raises(ScenarioError) as caught:
        one(tmp_path, **changes)
    assert said in str(caught.value)


def test_a_column_that_is_missing_is_named_with_the_nearest(tmp_path: Path) -> None:
    row = {"corecounts" if key == "corecount" else key: text for key, text in ROW.items()}
    with pytest.raises(ScenarioError, match="no column 'corecount' — there is corecounts"):
        read_trace(written(tmp_path, row), sites=SITES)


def test_what_is_written_can_be_read_and_says_the_same(tmp_path: Path) -> None:
    first = Small(work=jobs(6, every_s=100, input_bytes=10**6, source="A"))
    path = written(tmp_path, *first.rows)
    again = Small(work=read_trace(path, sites=SITES), policy="trace")
    assert tuple(first.rows[0]) == COLUMNS
    names = ("pandaid", "jobstatus", "computingsite", "cpuconsumptiontime", "inputfilebytes")
    same = [[[row[name] for name in names] for row in run.rows] for run in (first, again)]
    assert same[0] == same[1]


def test_a_failed_job_of_a_trace_is_not_tried_again(tmp_path: Path) -> None:
    (work,) = (read_trace(written(tmp_path, {**ROW, "jobstatus": "failed"}), sites=SITES),)
    small = Small(site(cores=8), work=work, policy="trace")
    assert (small.at()["failed"], small.at()["retried"], small.at()["codes"]) == (1, 0, {"1099": 1})
