"""Clients' endpoints: tasks."""

from __future__ import annotations

from typing import Any

import pytest

from fakeserver.identity import Identity
from tests.fakeserver.endpoints.test_submission import ANN
from tests.fakeserver.endpoints.test_submission import BOB
from tests.fakeserver.endpoints.test_submission import CHIEF
from tests.fakeserver.endpoints.test_submission import call
from tests.fakeserver.servers import Bench
from tests.fakeserver.test_tasks import PARAMS

TASK = 50_000_001


@pytest.fixture
def bench() -> Bench:
    """Return a server on which Ann has a task of three jobs."""
    bench = Bench()
    said = call(bench, "submit_task", {"task_parameters": PARAMS})
    assert (True, TASK) == (said["success"], said["data"])
    return bench


def about(bench: Bench, name: str, *, who: Identity = ANN, **values: Any) -> Any:
    """Ask something about the task and return the data."""
    return call(bench, name, {"task_id": TASK, **values}, who=who)["data"]


def test_a_task_is_described(bench: Bench) -> None:
    assert "running" == about(bench, "get_task_status")
    details = about(bench, "get_task_details")
    assert (TASK, "Ann", 3, "ds") == (
        details["jediTaskID"],
        details["userName"],
        len(details["PandaID"]),
        details["outDS"].split(",")[0],
    )
    assert 3 == len(about(bench, "get_task_job_ids"))
    assert PARAMS["taskName"] == about(bench, "get_task_parameters")["taskName"]
    assert TASK == about(bench, "get_task_detailed_info")["jediTaskID"]
    assert [None] * 3 == [each["jobDuration"] for each in about(bench, "get_task_job_descriptions")]


def test_what_is_wrong_is_said(bench: Bench) -> None:
    again = call(bench, "submit_task", {"task_parameters": PARAMS})
    assert (False, 2) == (again["success"], again["data"])
    assert "Task not found" == call(bench, "get_task_status", {"task_id": 7})["message"]
    for name in ("get_task_details", "get_task_parameters", "get_task_detailed_info"):
        assert not call(bench, name, {"task_id": 7})["success"]


def test_only_the_owner_commands(bench: Bench) -> None:
    said = call(bench, "kill_task", {"task_id": TASK}, who=BOB)
    assert "not the task owner or no production role" == said["message"]
    assert 0 == about(bench, "kill_task")
    assert "aborted" == about(bench, "get_task_status")
    assert 4 == about(bench, "kill_task")


def test_pausing_wants_a_role(bench: Bench) -> None:
    said = call(bench, "pause_task", {"task_id": TASK})
    assert "production or pilot role required" == said["message"]
    assert 0 == about(bench, "pause_task", who=CHIEF)
    assert 0 == about(bench, "resume_task", who=CHIEF)


def test_a_running_task_is_retried_by_its_failed_jobs(bench: Bench) -> None:
    panda_id = bench.get(label="user")
    assert panda_id is not None
    bench.say(panda_id, "failed", pilotErrorCode=1305)
    second = bench.get(label="user")
    assert second is not None
    said = call(bench, "retry_task", {"task_id": TASK})
    assert (True, 0) == (said["success"], said["data"])
    assert "retry has been triggered" in said["message"]


def test_what_is_not_over_is_killed(bench: Bench) -> None:
    assert [True] * 3 == about(bench, "kill_unfinished_jobs")
    unsuccessful = about(bench, "get_task_job_descriptions", unsuccessful_only=True)
    assert ["cancelled"] * 3 == [each["jobStatus"] for each in unsuccessful]


def test_priority_and_attempts_of_jobs_that_wait(bench: Bench) -> None:
    assert 1 == about(bench, "change_task_priority", priority=5000, who=CHIEF)
    assert 0 == about(bench, "increase_attempts", increase=3, who=CHIEF)
    specs = [job.spec for job in bench.server.table.of_task(TASK).values()]
    assert [(5000, 5)] * 3 == [(each.priority, each.max_attempt) for each in specs]


def test_files_by_dataset(bench: Bench) -> None:
    told = about(bench, "get_datasets_and_files", dataset_types=["output"])
    assert [("ds", 3)] == [(each["dataset"]["name"], len(each["files"])) for each in told]
    assert not call(bench, "get_datasets_and_files", {"task_id": TASK})["success"]


def test_tasks_that_changed_lately(bench: Bench) -> None:
    values = {"since": "2026-03-01 07:00:00", "prod_source_label": "user"}
    assert [str(TASK)] == list(call(bench, "get_tasks_modified_since", values)["data"])
    late = values | {"since": "2026-03-01 09:00:00"}
    assert {} == call(bench, "get_tasks_modified_since", late)["data"]
    told = call(bench, "get_tasks_detailed_info_since", {"since": "2026-03-01 07:00:00"})["data"]
    assert [TASK] == [each["jediTaskID"] for each in told]


def test_a_task_that_is_over_is_reactivated(bench: Bench) -> None:
    about(bench, "kill_task")
    assert 1 == about(bench, "reactivate_task", who=CHIEF)
    assert "running" == about(bench, "get_task_status")
    assert 6 == len(about(bench, "get_task_job_ids"))
    assert 0 == call(bench, "reactivate_task", {"task_id": 7}, who=CHIEF)["data"]


def test_a_task_may_have_a_parent(bench: Bench) -> None:
    child = {"task_parameters": PARAMS | {"taskName": "child"}, "parent_tid": TASK}
    call(bench, "submit_task", child)
    said = call(bench, "get_parent_detailed_info", {"task_id": TASK + 1})
    assert TASK == said["data"]["jediTaskID"]
    assert not call(bench, "get_parent_detailed_info", {"task_id": TASK})["success"]
