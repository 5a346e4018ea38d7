"""Tasks and the jobs that they become."""

from __future__ import annotations

from typing import Any

import pytest

from fakeserver import State
from fakeserver.identity import Identity
from fakeserver.taskjobs import number_of_jobs
from tests.fakeserver.servers import QUEUE
from tests.fakeserver.servers import Bench
from tests.fakeserver.servers import report

ANN = Identity("/DC=sim/CN=Ann")
PARAMS = {
    "taskName": "user.ann.test/",
    "prodSourceLabel": "user",
    "vo": "atlas",
    "site": QUEUE,
    "nEvents": 30,
    "nEventsPerJob": 10,
    "maxAttempt": 2,
    "jobParameters": [
        {"type": "constant", "value": "-p hello"},
        {"type": "template", "param_type": "output", "value": "out.${SN}.root", "dataset": "ds"},
    ],
}


def submit(bench: Bench, **changes: Any) -> tuple[int, str]:
    """Submit a task of Ann's."""
    return bench.server.tasks.submit(PARAMS | changes, ANN, production=False, now=bench.dial.now)


@pytest.fixture
def task(bench: Bench) -> int:
    """Return a task of three jobs."""
    code, text = submit(bench)
    assert (0, "succeeded. new jediTaskID=50000001") == (code, text)
    return 50_000_001


def status(bench: Bench, task: int) -> str:
    """Return the status of a task."""
    return str(bench.server.tasks.tasks[str(task)]["status"])


def work(bench: Bench, how: str) -> int:
    """Run the next job to some end and return its id."""
    panda_id = bench.get(label="user")
    assert panda_id is not None
    job = bench.job(panda_id)
    bench.say(panda_id, "running", attemptNr=job.attempt)
    names = [each.lfn for each in job.spec.products]
    bench.say(panda_id, how, attemptNr=job.attempt, xml=report(panda_id, *names))
    return panda_id


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"nEvents": 31, "nEventsPerJob": 10}, 4),
        ({"nFiles": 10, "nFilesPerJob": 5}, 2),
        ({"nJobs": 7}, 7),
        ({}, 1),
        ({"nEvents": "x", "nEventsPerJob": 10}, 1),
    ],
)
def test_into_how_many_jobs_a_task_is_split(params: dict[str, Any], expected: int) -> None:
    assert expected == number_of_jobs(params)


def test_a_task_becomes_its_jobs(bench: Bench, task: int) -> None:
    jobs = list(bench.server.table.of_task(task).values())
    assert [State.ACTIVATED] * 3 == [job.state for job in jobs]
    assert "-p hello out.000002.root" == jobs[1].spec.job_pars
    assert [("out.000002.root", "ds")] == [
        (each.lfn, each.dataset) for each in jobs[1].spec.outputs
    ]
    assert "running" == status(bench, task)


def test_a_task_is_done_when_all_have_finished(bench: Bench, task: int) -> None:
    for _ in range(3):
        assert "running" == status(bench, task)
        work(bench, "finished")
    assert "done" == status(bench, task)


def test_a_failed_job_counts_by_its_last_attempt(bench: Bench, task: int) -> None:
    work(bench, "failed")
    for _ in range(3):
        work(bench, "finished")
    assert "done" == status(bench, task)
    assert {"alive": 0, "finished": 3, "failed": 0} == bench.server.tasks.progress(task)


def test_a_task_of_which_some_failed_for_good_is_finished_and_can_be_retried(
    bench: Bench, task: int
) -> None:
    for how in ("finished", "finished", "failed", "failed"):
        work(bench, how)
    assert "finished" == status(bench, task)
    code, _ = bench.server.tasks.command(task, "retry", ANN, now=bench.dial.now)
    assert (0, "running") == (code, status(bench, task))
    work(bench, "finished")
    assert "done" == status(bench, task)


def test_a_task_of_which_all_failed_has_failed(bench: Bench) -> None:
    submit(bench, maxAttempt=1)
    for _ in range(3):
        work(bench, "failed")
    assert "failed" == status(bench, 50_000_001)


@pytest.mark.parametrize(
    ("before", "command", "code"),
    [
        ((), "kill", 0),
        ((), "finish", 0),
        ((), "pause", 0),
        ((), "resume", 4),
        (("pause",), "resume", 0),
        (("kill",), "kill", 4),
        (("kill",), "retry", 4),
        ((), "retry", 5),
        ((), "reassign", 0),
    ],
)
def test_which_commands_a_task_takes(
    bench: Bench, task: int, before: tuple[str, ...], command: str, code: int
) -> None:
    for each in before:
        bench.server.tasks.command(task, each, ANN, now=bench.dial.now)
    assert code == bench.server.tasks.command(task, command, ANN, now=bench.dial.now)[0]


def test_killing_a_task_ends_its_jobs(bench: Bench, task: int) -> None:
    bench.server.tasks.command(task, "kill", ANN, now=bench.dial.now)
    assert ("aborted", 0) == (status(bench, task), bench.server.table.alive_of_task(task))


def test_finishing_a_task_leaves_what_runs(bench: Bench, task: int) -> None:
    running = bench.get(label="user")
    bench.server.tasks.command(task, "finish", ANN, now=bench.dial.now)
    assert "running" == status(bench, task)
    assert running is not None
    bench.say(running, "failed")
    bench.server.kill(next(job.panda_id for job in bench.server.table.alive()))
    assert "failed" == status(bench, task)


def test_a_task_that_is_not_there_takes_no_command(bench: Bench) -> None:
    expected = (2, "jediTaskID=7 not found")
    assert expected == bench.server.tasks.command(7, "kill", ANN, now=bench.dial.now)


def test_a_name_in_use_is_refused_or_reactivates_the_task(bench: Bench, task: int) -> None:
    assert 2 == submit(bench)[0]
    bench.server.tasks.command(task, "kill", ANN, now=bench.dial.now)
    assert 3 == submit(bench, nEvents=40)[0]
    assert 40 == bench.server.tasks.tasks[str(task)]["params"]["nEvents"]


def test_a_task_without_a_name_is_refused(bench: Bench) -> None:
    assert (4, "failed to register task: taskName missing") == submit(bench, taskName="")


def test_only_the_owner_or_production_may_command(bench: Bench, task: int) -> None:
    tasks = bench.server.tasks
    bob = Identity("/DC=sim/CN=Bob")
    assert tasks.owns(task, ANN, production=False)
    assert not tasks.owns(task, bob, production=False)
    assert tasks.owns(task, bob, production=True)
    assert not tasks.owns(7, ANN, production=False)


def test_each_change_of_a_task_is_in_the_journal(bench: Bench, task: int) -> None:
    for _ in range(3):
        work(bench, "finished")
    assert [("registered", "running"), ("running", "done")] == [
        (event["old"], event["new"]) for event in bench.of("task.state")
    ]
