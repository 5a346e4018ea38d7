"""The job record."""

from __future__ import annotations

import pytest

from fakeserver import InputFile
from fakeserver import Job
from fakeserver import JobSpec
from fakeserver import OutputFile
from fakeserver.record import record_of
from tests.fakeserver.servers import spec

TWO_INPUTS = (
    InputFile("a", guid="1", size=10, adler32="aa", scope="s1", dataset="d1", endpoint="E1"),
    InputFile("b", size=20, scope="s2", dataset="d2", endpoint="E2", token="local"),
    InputFile("a", guid="1", size=10, adler32="aa", scope="s1", dataset="d1", endpoint="E1"),
)
TWO_OUTPUTS = (
    OutputFile("x", scope="s3", dataset="d3", endpoint="E3", optional=True),
    OutputFile("y", scope="s4", dataset="d4", endpoint="E4"),
)
LOG = OutputFile("l.tgz", guid="9", scope="s5", dataset="d5", endpoint="E5")


def rich() -> dict[str, object]:
    """Return the record of a job with several files."""
    return record_of(Job(spec(1, inputs=TWO_INPUTS, outputs=TWO_OUTPUTS, log=LOG)))


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("inFiles", "a,b"),
        ("GUID", "1,NULL"),
        ("fsize", "10,20"),
        ("checksum", "ad:aa,NULL"),
        ("scopeIn", "s1,s2"),
        ("realDatasetsIn", "d1,d2"),
        ("prodDBlockToken", "NULL,local"),
        ("ddmEndPointIn", "E1,E2"),
        ("outFiles", "x,y,l.tgz"),
        ("realDatasets", "d3,d4,d5"),
        ("destinationDblock", "d3,d4,d5"),
        ("ddmEndPointOut", "E3,E4,E5"),
        ("scopeOut", "s3,s4"),
        ("scopeLog", "s5"),
        ("logFile", "l.tgz"),
        ("logGUID", "9"),
        ("allowNoOutput", "x"),
    ],
)
def test_values_of_several_files_are_joined_in_one_order(key: str, expected: str) -> None:
    assert expected == rich()[key]


def test_what_is_not_there_is_the_text_null_and_never_null() -> None:
    record = record_of(Job(JobSpec(1, queue="Q")))
    assert [] == [key for key, value in record.items() if value is None]
    assert "NULL" == record["taskID"] == record["jobsetID"] == record["swRelease"]
    assert "" == record["inFiles"] == record["scopeOut"] == record["logFile"]


def test_numbers_are_numbers() -> None:
    record = record_of(Job(spec(6000000001, attempt=2, max_walltime=3600)), sent=3)
    numbers = [record[key] for key in ("PandaID", "attemptNr", "maxWalltime", "taskID", "nSent")]
    assert [6000000001, 2, 3600, 12345, 3] == numbers


def test_a_plain_job_says_nothing_of_clones_and_events() -> None:
    flavours = {"cloneJob", "eventService", "eventServiceMerge", "debug", "allowNoOutput"}
    assert set() == flavours & set(record_of(Job(spec(1))))


def test_a_clone_says_how_and_is_not_of_the_event_service() -> None:
    record = record_of(Job(spec(1, kind="clone", clone_mode="storeonce", jobset_id=7)))
    assert ("storeonce", 7) == (record["cloneJob"], record["jobsetID"])
    assert "eventService" not in record


def test_a_job_of_the_event_service_says_so_and_has_a_jobset() -> None:
    record = record_of(Job(spec(8, kind="event", event_ranges=3)))
    assert ("True", 8) == (record["eventService"], record["jobsetID"])


def test_debug_is_the_text_true() -> None:
    assert "True" == record_of(Job(spec(1), debug=True))["debug"]


def test_extras_come_last_and_win() -> None:
    record = record_of(Job(spec(1, extras={"container_name": "docker://x", "jobPars": "other"})))
    assert ("docker://x", "other") == (record["container_name"], record["jobPars"])
