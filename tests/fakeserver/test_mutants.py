"""Bugs planted in the server are found by the state machine; a bug that is not found is its bug."""

from __future__ import annotations

from typing import Any
from typing import Callable

import pytest
from hypothesis import HealthCheck
from hypothesis import Phase
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from fakeserver import archive
from fakeserver import brokerage
from fakeserver import consumers
from fakeserver import limits
from fakeserver import updates
from fakeserver.following import merging
from fakeserver.following import retries
from fakeserver.jobtable import JobTable
from fakeserver.matching.waiting import WaitingRoom
from fakeserver.people import People
from fakeserver.ranges import RangeTable
from fakeserver.states import QUEUED
from fakeserver.states import State
from tests.fakeserver.chaos import Chaos

Patch = pytest.MonkeyPatch
Plant = Callable[[Patch], None]
SETTINGS = settings(
    max_examples=400,
    stateful_step_count=60,
    deadline=None,
    database=None,
    derandomize=True,
    phases=(Phase.generate,),
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)


def a_sent_job_still_waits(patch: Patch) -> None:
    """Hand out a job that somebody has already."""
    patch.setattr(WaitingRoom, "leave", lambda self, panda_id: None)


def a_final_update_is_taken_twice(patch: Patch) -> None:
    """Forget that the report of a job came in."""
    real = updates.refusal_of

    def refusal_of(job: Any, update: Any, *, wrong_attempt: str) -> Any:
        refusal = real(job, update, wrong_attempt=wrong_attempt)
        done = refusal is not None and refusal.command == updates.DONE
        return None if done and job.state is not State.MERGING else refusal

    def change(self: JobTable, job: Any, new: State, **how: Any) -> bool:
        if job.final:
            job.state = State.RUNNING
            self._alive[job.panda_id] = job
            self._join(job)
            self._enter(job)
        return bool(unguarded(self, job, new, **how))

    unguarded = JobTable.change
    patch.setattr(updates, "refusal_of", refusal_of)
    patch.setattr(JobTable, "change", change)


def every_clone_counts(patch: Patch) -> None:
    """Let clones finish whether they have the ranges or not."""
    patch.setattr(archive, "holds", lambda ranges, job: True)
    patch.setattr("fakeserver.adder.counted", lambda table, ranges, job, verdict, now: verdict)


def clones_share_the_ranges(patch: Patch) -> None:
    """Give ranges to a clone though another has them: two winners."""
    patch.setattr(consumers, "obstacle", lambda ranges, job, states: "")
    patch.setattr(
        RangeTable, "owned", lambda self, jobset, owner: self.of(jobset)[:1] if owner else []
    )
    patch.setattr(consumers, "holds", lambda ranges, job: bool(ranges.of(job.spec.jobset)))
    patch.setattr("fakeserver.adder.holds", lambda ranges, job: bool(ranges.of(job.spec.jobset)))
    patch.setattr(archive, "holds", lambda ranges, job: bool(ranges.of(job.spec.jobset)))
    patch.setattr(archive, "close_others", lambda table, winner, now: None)


def finished_ranges_are_given_back(patch: Patch) -> None:
    """Give the ranges of a job that ended to another, finished ones too."""

    def release(self: RangeTable, jobset: int, *, owner: int) -> None:
        for each in self.owned(jobset, owner=owner):
            self._give_back(each)

    patch.setattr(RangeTable, "release", release)


def ranges_of_lost_jobs_stay_lost(patch: Patch) -> None:
    """Keep the ranges of a job that is over."""
    patch.setattr(RangeTable, "release_all", lambda self, owner: None)


def usage_is_charged_twice_for_failures(patch: Patch) -> None:
    """Charge users twice for a job that failed."""
    real = People.account

    def account(self: People, job: Any, *, now: float) -> None:
        real(self, job, now=now)
        if job.state is State.FAILED:
            real(self, job, now=now)

    patch.setattr(People, "account", account)


def cancelled_jobs_are_free(patch: Patch) -> None:
    """Charge nothing for a job that was cancelled under a pilot."""
    real = People.account

    def account(self: People, job: Any, *, now: float) -> None:
        if job.state is not State.CANCELLED:
            real(self, job, now=now)

    patch.setattr(People, "account", account)


def heartbeats_are_not_kept(patch: Patch) -> None:
    """Keep only changes of state on disk."""
    real = JobTable.touch

    def touch(self: JobTable, job: Any) -> None:
        on, self.notes.on = self.notes.on, False
        real(self, job)
        self.notes.on = on

    patch.setattr(JobTable, "touch", touch)


def nobody_looks_for_sent_jobs(patch: Patch) -> None:
    """Forget a job whose pilot never said a word."""
    real = limits.limit_of

    def limit_of(job: Any, policy: Any) -> float | None:
        return None if job.state is State.SENT else real(job, policy)

    patch.setattr(limits, "limit_of", limit_of)


def killed_jobs_are_tried_again(patch: Patch) -> None:
    """Make a new attempt of a job that has one already."""
    patch.setattr(
        retries, "worth", lambda job: job.final and job.state is not State.CLOSED and
        job.spec.may_try_again and not job.spec.shares_events,
    )  # fmt: skip


def quotas_are_counted_too_low(patch: Patch) -> None:
    """Count only the jobs of a user that run."""
    patch.setattr(JobTable, "active_of", lambda self, user: len(self.of_user(user, State.RUNNING)))
    patch.setattr(brokerage, "unthrottle", lambda *a, **k: None)


def outputs_are_merged_too_early(patch: Patch) -> None:
    """Merge as soon as one job of a group is done."""
    patch.setattr(JobTable, "unmerged", lambda self, group: False)


def merged_jobs_wait_for_ever(patch: Patch) -> None:
    """Leave the jobs waiting whose merge job failed."""
    real = merging._end

    def end(server: Any, merged: Any, *, by: Any, now: float) -> None:
        if by.state is State.FINISHED:
            real(server, merged, by=by, now=now)

    patch.setattr(merging, "_end", end)


def an_expired_job_is_forgotten(patch: Patch) -> None:
    """Drop a job from the table when it is closed while it waits."""
    real = JobTable.change

    def change(self: JobTable, job: Any, new: State, **how: Any) -> bool:
        waited = job.state in QUEUED
        done = real(self, job, new, **how)
        if done and waited and new is State.CLOSED:
            self.recent.pop(job.panda_id)
        return done

    patch.setattr(JobTable, "change", change)


MUTANTS: tuple[Plant, ...] = (
    a_sent_job_still_waits,
    a_final_update_is_taken_twice,
    every_clone_counts,
    clones_share_the_ranges,
    finished_ranges_are_given_back,
    ranges_of_lost_jobs_stay_lost,
    usage_is_charged_twice_for_failures,
    cancelled_jobs_are_free,
    heartbeats_are_not_kept,
    nobody_looks_for_sent_jobs,
    killed_jobs_are_tried_again,
    quotas_are_counted_too_low,
    merged_jobs_wait_for_ever,
    outputs_are_merged_too_early,
    an_expired_job_is_forgotten,
)


@pytest.mark.slow
@pytest.mark.parametrize("plant", MUTANTS, ids=lambda plant: plant.__name__)
def test_a_planted_bug_is_found(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch)
    with pytest.raises((AssertionError, KeyError)) as caught:
        run_state_machine_as_test(Chaos, settings=SETTINGS)
    print(f"{plant.__name__}: {str(caught.value).splitlines()[0] if str(caught.value) else ''}")
