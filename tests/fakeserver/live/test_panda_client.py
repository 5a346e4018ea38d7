"""The real panda-client from PyPI submits, polls, kills and retries against the live server."""

from __future__ import annotations

from typing import Any
from typing import Iterator

import pytest
import requests

from tests.fakeserver.live.clients import PandaClient
from tests.fakeserver.live.clients import installed
from tests.fakeserver.live.running import JSON
from tests.fakeserver.live.running import PATIENCE_S
from tests.fakeserver.live.running import QUEUE
from tests.fakeserver.live.running import Running

pytestmark = [pytest.mark.network, pytest.mark.slow]

FORM = {"siteName": QUEUE, "prodSourceLabel": "user", "node": "wn1"}


@pytest.fixture(scope="module")
def package() -> None:
    """Install the client, or skip where no package index is to be had."""
    try:
        installed()
    except OSError as error:
        pytest.skip(f"panda-client cannot be installed: {error}")


@pytest.fixture
def client(package: None, secure: Running) -> Iterator[PandaClient]:
    """Return the client of somebody without any role."""
    secure.live.model.queues[QUEUE] = {"status": "online", "nickname": QUEUE}
    one = PandaClient(secure, proxy="person")
    yield one
    one.close()


def job(**changes: Any) -> dict[str, Any]:
    """Return a job as a person writes it: one output and a log."""
    values = {
        "AtlasRelease": "NULL",
        "transformation": "http://panda.sim:25080/trf/user/payload",
        "jobParameters": "--events 10",
        "prodSourceLabel": "user",
        "computingSite": QUEUE,
        "jobName": "test.of.a.client",
        "destinationDBlock": "user.ada:out",
        "currentPriority": 1000,
        "assignedPriority": 1000,
        "VO": "atlas",
    }
    files = [
        {"lfn": "out.root", "type": "output", "dataset": "user.ada:out", "scope": "user.ada"},
        {"lfn": "job.log.tgz", "type": "log", "dataset": "user.ada:log", "scope": "user.ada"},
    ]
    return {"job": values | changes, "files": files}


def run(served: Running, *, fail: bool) -> int:
    """Ask for a job as a pilot and end it; return its id."""
    assert served.folder is not None
    with served.session(served.folder.proxy("pilot")) as pilot:
        pilot.headers.update(JSON)
        url = f"{served.secure}/server/panda"
        given = pilot.post(f"{url}/getJob", data=FORM, timeout=PATIENCE_S).json()
        assert 0 == given["StatusCode"], given
        said = {"jobId": given["PandaID"], "attemptNr": given["attemptNr"]}
        pilot.post(f"{url}/updateJob", data=said | {"state": "running"}, timeout=PATIENCE_S)
        if fail:
            end = {"state": "failed", "pilotErrorCode": 1305, "pilotErrorDiag": "payload failed"}
            pilot.post(f"{url}/updateJob", data=said | end, timeout=PATIENCE_S)
    return int(given["PandaID"])


def test_jobs_are_submitted_polled_and_killed(client: PandaClient, secure: Running) -> None:
    status, submitted = client("submitJobs", [job(), job(jobName="another")])
    assert 0 == status
    first, second = (int(receipt[0]) for receipt in submitted)
    assert (0, ["activated", "activated"]) == states(client, [first, second])
    assert first == run(secure, fail=False)
    assert (0, ["running", "activated"]) == states(client, [first, second])
    status, answers = client("killJobs", [first, second])
    assert (0, True) == (status, all(answers))
    # A running job is told by its pilot's next update; one that waits is over at once.
    assert (0, ["running", "cancelled"]) == states(client, [first, second])
    assert "tobekilled" == secure.live.model.jobs[first].command


def states(client: PandaClient, ids: list[int]) -> tuple[int, list[str]]:
    """Return what a poll says of jobs."""
    status, jobs = client("getFullJobStatus", ids)
    return status, [each["jobStatus"] for each in jobs]


def test_what_is_polled_is_what_was_submitted(client: PandaClient) -> None:
    _, submitted = client("submitJobs", [job(jobParameters="--seed 7")])
    _, (polled,) = client("getJobStatus", [int(submitted[0][0])])
    expected = ("test.of.a.client", "--seed 7", QUEUE, "user", "Ada Lovelace")
    names = ("jobName", "jobParameters", "computingSite", "prodSourceLabel", "prodUserName")
    assert expected == tuple(polled[name] for name in names)


def test_a_task_is_submitted_polled_retried_and_killed(
    client: PandaClient, secure: Running
) -> None:
    status, (code, message) = client("insertTaskParams", task())
    assert (0, 0) == (status, code), message
    task_id = int(message.rpartition("=")[2])
    status, ids = client("getPandaIDsWithTaskID", task_id)
    assert (0, 1) == (status, len(ids))
    assert ids[0] == run(secure, fail=True)
    assert 0 == client("getTaskStatus", task_id)[0]
    status, (code, message) = client("retryTask", task_id, properErrorCode=True)
    assert (0, 0) == (status, code), message
    status, again = client("getPandaIDsWithTaskID", task_id)
    assert len(again) > len(ids)
    status, (killed, message) = client("killTask", task_id)
    assert (0, True) == (status, killed), message


def task() -> dict[str, Any]:
    """Return a task of one job, as prun writes it."""
    return {
        "taskName": "user.ada.test",
        "userName": "Ada Lovelace",
        "vo": "atlas",
        "taskType": "anal",
        "processingType": "panda-client-prun",
        "prodSourceLabel": "user",
        "taskPriority": 1000,
        "architecture": "",
        "transUses": "",
        "transHome": "",
        "transPath": "http://panda.sim:25080/trf/user/payload",
        "site": QUEUE,
        "nEvents": 1,
        "nEventsPerJob": 1,
        "noInput": True,
        "maxAttempt": 1,
        "jobParameters": [{"type": "constant", "value": "--events 1"}],
        "log": {
            "type": "template",
            "param_type": "log",
            "dataset": "user.ada.test.log/",
            "value": "user.ada.test.$JEDITASKID.${SN}.log.tgz",
        },
    }


def test_the_client_reads_its_own_attributes(client: PandaClient) -> None:
    status, said = client("get_cert_attributes")
    assert 0 == status
    assert ["VOMS /atlas/Role=NULL/Capability=NULL"] == [
        text for text in said.values() if text.startswith("VOMS")
    ]


def test_a_stranger_kills_nothing(client: PandaClient, secure: Running) -> None:
    _, submitted = client("submitJobs", [job()])
    stranger = PandaClient(secure, proxy="production")
    assert [0, [False]] == stranger("killJobs", [int(submitted[0][0])])
    stranger.close()


def test_a_person_without_credential_is_told_so(secure: Running, package: None) -> None:
    answer = requests.post(
        f"{secure.plain}/api/v1/job/kill",
        json={"job_ids": [1]},
        headers=JSON,
        timeout=PATIENCE_S,
    )
    assert (False, "SSL secure connection is required") == (
        answer.json()["success"],
        answer.json()["message"],
    )
