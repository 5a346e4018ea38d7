"""Every change of a job's state is in the table."""

from __future__ import annotations

from typing import Any

import pytest

from fakeserver import states
from harness.checkers.state_table import TRANSITIONS
from harness.checkers.state_table import state_table
from harness.findings import Finding
from tests.harness.journals import Story
from tests.harness.journals import complete
from tests.harness.journals import done_s
from tests.harness.journals import healthy
from tests.harness.journals import story
from tests.harness.journals import texts

DONE = done_s()


def found(told: Story) -> list[Finding]:
    return state_table(told.flight())


def changed(old: str, new: str, *, attempt: int = 1) -> Story:
    """Tell of one change of state."""
    told = story().dispatch()
    change: dict[str, Any] = {
        "job": 1,
        "old": old,
        "new": new,
        "by": "pilot-1",
        "attempt": attempt,
        "reason": "",
    }
    return told.add("job.state", at=3600, **change)


def refused(
    told: Story, *, at: float, why: str = "no", pilot: str = "pilot-1", job: int | None = 1
) -> Story:
    """Tell of a request that was refused."""
    return told.add("job.refused", at=at, job=job, pilot=pilot, why=why)


def test_a_healthy_life_is_in_the_table() -> None:
    assert [] == found(complete())


def test_every_change_that_the_server_allows_is_in_the_table() -> None:
    assert [] == [(old, new) for old, new in states.TRANSITIONS if new not in TRANSITIONS[old]]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("finished", "failed"),
        ("failed", "running"),
        ("running", "starting"),
        ("holding", "running"),
    ],
)
def test_a_change_that_is_not_in_the_table_is_found(old: str, new: str) -> None:
    findings = found(changed(old, new))
    assert [
        f"job 1 went from '{old}' to '{new}' at 1:00:00 by pilot-1, which is not in the state table"
    ] == texts(findings)
    assert "1" == findings[0].job


def test_a_failed_job_may_begin_a_new_attempt() -> None:
    assert [] == found(changed("failed", "activated", attempt=2))


def test_a_failed_job_may_not_begin_the_same_attempt_again() -> None:
    assert 1 == len(found(changed("failed", "activated", attempt=1)))


def test_the_same_state_again_is_no_change() -> None:
    assert [] == found(changed("finished", "finished"))


def test_a_refused_update_is_found() -> None:
    told = refused(story().dispatch(), at=3600, why="attempt 3, the job is at 1")
    findings = found(told)
    assert [
        "job 1: a request of pilot-1 at 1:00:00 was refused: attempt 3, the job is at 1"
    ] == texts(findings)
    assert "1" == findings[0].job


@pytest.mark.parametrize("job", [99, None])
def test_a_request_about_a_job_that_is_not_there_is_found(job: int | None) -> None:
    assert [f"job {job}: a request of pilot-1 at 0:00:05 was refused: unknown job"] == texts(
        found(refused(story(), at=5, why="unknown job", job=job))
    )


def test_an_update_after_the_pilots_own_final_state_is_found() -> None:
    told = healthy().final("finished", at=DONE).update("running", at=DONE + 9, reply="500")
    assert 1 == len(found(refused(told, at=DONE + 9)))


@pytest.mark.parametrize("by", ["reaper", "user", "clones"])
def test_a_pilot_cannot_know_that_another_ended_its_job(by: str) -> None:
    told = healthy().state("closed", at=8000, by=by)
    assert [] == found(refused(told, at=8100))


def test_a_pilot_cannot_know_that_its_job_was_given_to_another() -> None:
    told = healthy().state("activated", at=7900, by="reaper")
    told.dispatch(pilot="pilot-2", at=8000, attempt=2)
    assert [] == found(refused(told, at=8100))


@pytest.mark.parametrize("reply", ["lost", "open"])
def test_a_final_update_whose_answer_was_lost_may_be_refused_when_repeated(reply: str) -> None:
    told = healthy().update("finished", at=DONE, reply=reply).state("finished", at=DONE, by="adder")
    told.update("finished", at=DONE + 240, reply="500")
    assert [] == found(refused(told, at=DONE + 240))


def test_a_final_update_that_was_long_on_its_way_may_be_refused_after_its_repetition() -> None:
    told = healthy().update("finished", at=DONE, reply="hang").update("finished", at=DONE + 130)
    assert [] == found(refused(told, at=DONE + 180))


def test_a_first_final_update_that_is_refused_is_found() -> None:
    told = healthy().update("finished", at=DONE, reply="500")
    assert 1 == len(found(refused(told, at=DONE)))


def test_a_final_update_repeated_after_its_answer_is_found_when_refused() -> None:
    told = healthy().update("finished", at=DONE).update("finished", at=DONE + 240, reply="500")
    assert 1 == len(found(refused(told, at=DONE + 240)))


def test_a_request_that_the_world_delivers_twice_is_not_the_pilots_fault() -> None:
    assert [] == found(refused(healthy().update("finished", at=DONE), at=DONE))


def test_what_happens_to_a_job_afterwards_excuses_nothing() -> None:
    told = refused(healthy(), at=7500).state("cancelled", at=8000, by="user")
    assert 1 == len(found(told))
    told = refused(healthy(), at=7500).state("activated", at=8000, by="reaper")
    assert 1 == len(found(told.dispatch(pilot="pilot-2", at=8001, attempt=2)))


# -- running


def begun(*, told: float, began: float) -> Story:
    tale = story().pilot().dispatch().update("running", at=told)
    return tale.add("payload.start", who="n1", at=began, job=1, pid=9)


def test_running_is_told_of_what_runs() -> None:
    assert [] == state_table(begun(told=60, began=50).flight())
    assert [] == state_table(begun(told=60, began=180).flight())


def test_running_that_is_told_too_early_is_found() -> None:
    (finding,) = state_table(begun(told=60, began=181).flight())
    assert "'running' was sent at 0:01:00, 2 min 1 s before the payload began" in finding.text
