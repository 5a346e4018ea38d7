"""updateJob, update_job and the same for many."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fakeserver import State
from tests.fakeserver.servers import Bench
from tests.fakeserver.servers import report
from tests.fakeserver.servers import spec
from tests.fakeserver.speakers import PERSON
from tests.fakeserver.speakers import form
from tests.fakeserver.speakers import legacy
from tests.fakeserver.speakers import modern
from tests.fakeserver.speakers import read


@pytest.fixture
def bench() -> Bench:
    """Return a server on which jobs 1 and 2 were sent."""
    bench = Bench()
    for panda_id in (1, 2):
        bench.server.define_job(spec(panda_id))
        bench.get()
    return bench


def test_every_answer_has_a_command(bench: Bench) -> None:
    said = read(legacy(bench, "update_job", {"jobId": "1", "state": "starting"}))
    assert {"StatusCode": 0, "command": "NULL"} == said
    told = read(form(bench, "update_job", {"jobId": "1", "state": "running"}))
    assert {"StatusCode": "0", "command": "NULL"} == told
    now = read(modern(bench, "update_job", {"job_id": 2, "job_status": "running"}))
    assert {"StatusCode": 0, "command": "NULL"} == now["data"]


def test_a_state_that_is_none_is_a_success_in_the_legacy_dialect(bench: Bench) -> None:
    assert {"StatusCode": 0} == read(legacy(bench, "update_job", {"jobId": 1, "state": "sent"}))
    assert ["invalid state sent"] == bench.refusals()


def test_a_state_that_is_none_is_50_in_api_v1(bench: Bench) -> None:
    said = read(modern(bench, "update_job", {"job_id": 1, "job_status": "sent"}))
    assert (False, {"StatusCode": 50}) == (said["success"], said["data"])


def test_a_job_called_null_is_nobody(bench: Bench) -> None:
    assert {"StatusCode": 0} == read(legacy(bench, "update_job", {"jobId": "NULL", "state": "x"}))


def test_a_job_that_is_no_number_is_an_error(bench: Bench) -> None:
    answer = legacy(bench, "update_job", {"jobId": "one", "state": "running"})
    assert (500, b"invalid literal for int() with base 10: 'one'") == (answer.status, answer.body)


def test_an_illegal_transition_is_30(bench: Bench) -> None:
    bench.server.define_job(spec(3))
    assert {"StatusCode": 30} == read(legacy(bench, "update_job", {"jobId": 3, "state": "running"}))
    said = read(modern(bench, "update_job", {"job_id": 3, "job_status": "running"}))
    assert (True, "Database error", {"StatusCode": 30}) == (
        said["success"],
        said["message"],
        said["data"],
    )


def test_a_wrong_type_is_refused_by_api_v1(bench: Bench) -> None:
    said = read(modern(bench, "update_job", {"job_id": "1", "job_status": "running"}))
    assert "Type error: 'job_id' must be of type int, got str." == said["message"]
    assert State.SENT is bench.job(1).state


def test_what_pilot3_sends_is_taken(bench: Bench) -> None:
    sent: dict[str, Any] = {
        "jobId": "1",
        "state": "failed",
        "timestamp": "2026-03-01T08:00:00+00:00",
        "siteName": "BNL_ATLAS_1",
        "node": "wn1",
        "attemptNr": 1,
        "schedulerID": "h",
        "pilotID": "unknown|PR|3.11.5.1",
        "batchID": "condor-1",
        "startTime": 1772352000.5,
        "endTime": 1772352099.5,
        "xml": report(1, "1.log.tgz"),
        "metaData": "",
        "coreCount": 1,
        "meanCoreCount": 1.5,
        "cpuConsumptionTime": 12,
        "cpuConversionFactor": 1.0,
        "cpuConsumptionUnit": "s+Intel+AVX2",
        "cpu_architecture_level": "x86_64-v3",
        "maxRSS": -1,
        "jobMetrics": "nEvents=1",
        "pilotTiming": "1|2|3|4|5|6",
        "pilotLog": "",
        "pilotErrorCode": 1305,
        "pilotErrorDiag": "Failed to execute payload",
        "transExitCode": 7,
        "exeErrorCode": 0,
        "exeErrorDiag": "",
        "source_site": "a",
        "destination_site": "b",
    }
    assert 0 == read(legacy(bench, "update_job", sent))["StatusCode"]
    assert (State.FAILED, 1305) == (bench.job(1).state, bench.job(1).fields["pilotErrorCode"])


def test_many_updates_are_answered_in_their_order(bench: Bench) -> None:
    jobs = [{"jobId": 2, "state": "running"}, {"jobId": 9, "state": "running"}]
    answer = legacy(bench, "update_jobs_bulk", {"jobList": json.dumps(jobs), "harvester_id": "h"})
    done, said = json.loads(answer.body)
    assert done is True
    commands = [json.loads(each["content"])["command"] for each in said]
    assert ["NULL", "tobekilled"] == commands


def test_many_answers_are_url_encoded_for_who_takes_no_json(bench: Bench) -> None:
    jobs = json.dumps([{"jobId": 2, "state": "running"}])
    answer = form(bench, "update_jobs_bulk", {"jobList": jobs})
    assert [True, ["StatusCode=0&command=NULL"]] == json.loads(answer.body)


def test_many_updates_in_api_v1(bench: Bench) -> None:
    jobs = [{"job_id": 1, "job_status": "running"}, {"job_id": 2, "job_status": "x", "mood": 1}]
    said = read(modern(bench, "update_jobs_bulk", {"job_list": jobs}))
    first, second = said["data"]
    assert (True, True, False) == (said["success"], first["success"], second["success"])
    assert "Argument error: got an unexpected keyword argument 'mood'" == second["message"]


@pytest.mark.parametrize(
    ("jobs", "text"),
    [
        ("nonsense", "failed with JSONDecodeError"),
        ('[{"jobId": 1}]', "failed with KeyError 'state'"),
        ('[{"jobId": 1, "state": "x", "mood": 1}]', "failed with TypeError updateJob() got an"),
        ("[7]", "failed with TypeError"),
    ],
)
def test_one_bad_update_fails_a_legacy_bunch(bench: Bench, jobs: str, text: str) -> None:
    answer = legacy(bench, "update_jobs_bulk", {"jobList": jobs, "harvester_id": "h"})
    done, said = json.loads(answer.body)
    assert done is False
    assert said.startswith(f"updateJobsInBulk h {text}")


def test_an_update_without_state_fails_a_modern_bunch(bench: Bench) -> None:
    said = read(modern(bench, "update_jobs_bulk", {"job_list": [{"job_id": 1}]}))
    assert (False, [], "failed with KeyError 'job_status'") == (
        said["success"],
        said["data"],
        said["message"],
    )


def test_without_role_each_of_many_is_answered_60(bench: Bench) -> None:
    jobs = json.dumps([{"jobId": 1, "state": "running"}])
    answer = legacy(bench, "update_jobs_bulk", {"jobList": jobs}, identity=PERSON)
    (said,) = json.loads(answer.body)[1]
    assert 60 == json.loads(said["content"])["StatusCode"]
    assert State.SENT is bench.job(1).state
