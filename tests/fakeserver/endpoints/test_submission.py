"""Clients' endpoints: jobs."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fakeserver import State
from fakeserver.clientjobs import write_jobs
from fakeserver.identity import Identity
from fakeserver.wire import HttpRequest
from tests.fakeserver.servers import QUEUE
from tests.fakeserver.servers import Bench
from tests.fakeserver.servers import report
from tests.fakeserver.servers import spec
from tests.fakeserver.speakers import PILOT
from tests.fakeserver.speakers import ask
from tests.fakeserver.speakers import modern
from tests.fakeserver.speakers import read

ANN = Identity("/DC=sim/CN=Ann", ("/atlas/Role=NULL",))
BOB = Identity("/DC=sim/CN=Bob", ("/atlas/Role=NULL",))
CHIEF = Identity("/DC=sim/CN=Chief", ("/atlas/Role=production/Capability=NULL",))
DRAFT = {"computingSite": QUEUE, "prodSourceLabel": "user", "jobName": "mine"}


def call(bench: Bench, name: str, values: dict[str, Any], *, who: Identity = ANN) -> dict[str, Any]:
    """Ask and return the envelope."""
    return read(modern(bench, name, values, identity=who))


def submitted(bench: Bench, count: int = 1, **changes: Any) -> list[int]:
    """Submit jobs as Ann and return their ids."""
    said = call(bench, "submit_jobs", {"jobs": write_jobs([DRAFT | changes] * count)})
    assert said["success"], said
    return [each[0] for each in said["data"]]


def test_what_is_submitted_is_there(bench: Bench) -> None:
    said = call(bench, "submit_jobs", {"jobs": write_jobs([DRAFT])})
    ((panda_id, definition, rest),) = said["data"]
    job = bench.job(panda_id)
    assert (State.ACTIVATED, ANN.dn, panda_id, {"jobsetID": "NULL"}) == (
        job.state,
        job.spec.user,
        definition,
        rest,
    )


@pytest.mark.parametrize(
    ("jobs", "why"),
    [
        ("nonsense", "Failed to deserialize jobs"),
        ("[]", "No jobs were submitted"),
        (write_jobs([DRAFT | {"prodSourceLabel": "managed"}]), "is missing production"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_taken(jobs: str, why: str) -> None:
    bench = Bench()
    said = call(bench, "submit_jobs", {"jobs": jobs})
    assert (False, {}) == (said["success"], bench.server.jobs)
    assert why in said["message"]


def test_who_has_the_role_submits_production(bench: Bench) -> None:
    jobs = write_jobs([DRAFT | {"prodSourceLabel": "managed"}])
    assert call(bench, "submit_jobs", {"jobs": jobs}, who=CHIEF)["success"]


def test_a_description_has_every_column_and_the_files(bench: Bench) -> None:
    (panda_id,) = submitted(bench)
    (found, missing) = call(bench, "get_job_description", {"job_ids": [panda_id, 404]})["data"]
    assert missing is None
    assert (panda_id, "activated", "mine", []) == (
        found["PandaID"],
        found["jobStatus"],
        found["jobName"],
        found["Files"],
    )


def test_an_archived_job_is_described_only_if_asked_for(bench: Bench) -> None:
    (panda_id,) = submitted(bench)
    bench.server.kill(panda_id)
    bench.dial.now += 300000.0
    bench.server.reap(bench.dial.now)
    values = {"job_ids": [panda_id]}
    assert [None] == call(bench, "get_job_description", values)["data"]
    (found,) = call(bench, "get_job_description_incl_archive", values)["data"]
    assert "cancelled" == found["jobStatus"]


def test_only_the_owner_or_production_kills(bench: Bench) -> None:
    one, two = submitted(bench, 2)
    assert [False] == call(bench, "kill_jobs", {"job_ids": [one]}, who=BOB)["data"]
    assert [True, False] == call(bench, "kill_jobs", {"job_ids": [one, 404]})["data"]
    assert [False] == call(bench, "kill_jobs", {"job_ids": [two]}, who=CHIEF)["data"]
    values = {"job_ids": [two], "code": 91}
    assert [True] == call(bench, "kill_jobs", values, who=CHIEF)["data"]
    assert ["Bob may not kill it", "Chief may not kill it"] == bench.refusals()


def test_a_job_is_reassigned(bench: Bench) -> None:
    (panda_id,) = submitted(bench)
    bench.server.queues = {"UC_ITB": {"status": "online"}}
    assert call(bench, "reassign_jobs", {"job_ids": [panda_id, 404]})["success"]
    assert "UC_ITB" == bench.job(panda_id).spec.queue
    assert ["assigned", "activated", "defined", "assigned", "activated"] == bench.path(panda_id)


def test_a_command_is_left_for_a_pilot_by_who_has_a_role(bench: Bench) -> None:
    bench.server.define_job(spec(1))
    bench.run(1)
    values = {"job_id": 1, "command": "tobekilled"}
    assert not call(bench, "set_command", values)["success"]
    assert call(bench, "set_command", values, who=PILOT)["success"]
    assert "tobekilled" == bench.say(1, "running").command
    bench.say(1, "failed")
    assert not call(bench, "set_command", values, who=PILOT)["success"]


def test_job_reports_of_a_task(bench: Bench) -> None:
    for panda_id in (1, 2):
        bench.server.define_job(spec(panda_id, kind="analysis", task_id=5))
        bench.get(label="user")
        metadata = '{"n": 1}' if panda_id == 1 else "nonsense"
        bench.say(panda_id, "running")
        bench.say(panda_id, "finished", xml=report(panda_id), metaData=metadata)
    said = call(bench, "get_metadata_for_analysis_jobs", {"task_id": 5})
    assert {"1": {"n": 1}} == said["data"]
    assert (
        "No metadata found"
        == (call(bench, "get_metadata_for_analysis_jobs", {"task_id": 6})["message"])
    )


def test_a_script_to_run_a_job_by_hand(bench: Bench) -> None:
    bench.server.define_job(spec(1))
    path = "/api/v1/job/generate_offline_execution_script"
    answer = ask(bench, HttpRequest("GET", path, query="job_id=1"))
    assert b"rucio download --no-subdir flightsim:in.dat\n" in answer.body
    assert b"./payload --flightsim-job first-job/1\n" in answer.body
    assert ask(bench, HttpRequest("GET", path, query="job_id=2")).body.startswith(b"ERROR")


def test_times_travel_under_a_key_of_their_own(bench: Bench) -> None:
    (panda_id,) = submitted(bench)
    text = modern(bench, "get_job_description", {"job_ids": [panda_id]}, identity=ANN).body
    told = json.loads(text)["data"][0]["creationTime"]
    assert {"__datetime__": "2026-03-01T08:00:00"} == told
