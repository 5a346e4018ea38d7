"""getJob and acquire_jobs."""

from __future__ import annotations

import json

import pytest

from tests.fakeserver.servers import QUEUE
from tests.fakeserver.servers import Bench
from tests.fakeserver.servers import spec
from tests.fakeserver.speakers import form
from tests.fakeserver.speakers import legacy
from tests.fakeserver.speakers import modern
from tests.fakeserver.speakers import read

ASKED = {"siteName": QUEUE, "prodSourceLabel": "managed", "computingElement": QUEUE}
ASKED_NOW = {"site_name": QUEUE, "prod_source_label": "managed"}


def test_a_legacy_pilot_gets_the_record_itself(bench: Bench) -> None:
    bench.server.define_job(spec(6000000001))
    said = read(legacy(bench, "acquire_jobs", ASKED))
    assert (0, 6000000001, "out.dat,6000000001.log.tgz") == (
        said["StatusCode"],
        said["PandaID"],
        said["outFiles"],
    )


def test_a_legacy_pilot_that_says_how_many_gets_a_list(bench: Bench) -> None:
    for panda_id in (1, 2, 3):
        bench.server.define_job(spec(panda_id))
    said = read(legacy(bench, "acquire_jobs", ASKED | {"nJobs": 2}))
    assert [1, 2] == [job["PandaID"] for job in said["jobs"]]
    listed = read(form(bench, "acquire_jobs", ASKED | {"nJobs": "1"}))["jobs"]
    assert [3] == [job["PandaID"] for job in json.loads(listed)]


def test_a_modern_pilot_always_gets_a_list(bench: Bench) -> None:
    bench.server.define_job(spec(1))
    said = read(modern(bench, "acquire_jobs", ASKED_NOW))
    assert (True, 0, [1]) == (
        said["success"],
        said["data"]["StatusCode"],
        [job["PandaID"] for job in said["data"]["jobs"]],
    )


def test_no_job_is_20_and_says_why_in_json_only(bench: Bench) -> None:
    expected = {"StatusCode": 20, "errorDialog": "no jobs in PanDA"}
    assert expected == read(legacy(bench, "acquire_jobs", ASKED))
    assert {"StatusCode": "20"} == read(form(bench, "acquire_jobs", ASKED))
    said = read(modern(bench, "acquire_jobs", ASKED_NOW))
    assert {"success": False, "message": "No jobs in PanDA", "data": None} == said


@pytest.mark.parametrize("memory", ["1000.7", 1000, "-5", "much", None])
def test_memory_and_disk_may_be_written_in_any_way(bench: Bench, memory: object) -> None:
    bench.server.define_job(spec(1, min_ram_count=900))
    assert 0 == read(legacy(bench, "acquire_jobs", ASKED | {"mem": memory}))["StatusCode"]


def test_what_pilot3_sends_is_taken(bench: Bench) -> None:
    sent = ASKED | {
        "diskSpace": 20000,
        "workingGroup": "",
        "cpu": 2400.0,
        "mem": 16000.0,
        "node": "slot1@wn1",
        "jobType": "user",
        "allowOtherCountry": True,
        "countryGroup": "us",
        "taskID": "12345",
        "viaTopic": True,
        "resourceType": "SCORE",
        "harvester_id": "h",
        "worker_id": "7",
    }
    bench.server.define_job(spec(1))
    assert 1 == read(legacy(bench, "acquire_jobs", sent))["PandaID"]
    assert "slot1@wn1" == bench.job(1).node
