"""The job table: every job, every change of state, every refusal, each of them journalled."""

from __future__ import annotations

from typing import Iterator

from fakeserver.events import JOB_REFUSED
from fakeserver.events import JOB_STATE
from fakeserver.events import SERVER
from fakeserver.jobs import Job
from fakeserver.policy import Policy
from fakeserver.states import Actor
from fakeserver.states import State
from fakeserver.states import allowed
from simkernel import Journal


class JobTable:
    """The jobs of one server in the order of their definition."""

    def __init__(self, journal: Journal, policy: Policy) -> None:
        self.journal = journal
        self.policy = policy
        self.jobs: dict[int, Job] = {}
        self._alive: dict[int, Job] = {}

    def add(self, job: Job) -> None:
        """Enter *job*, whose id must be new."""
        assert job.panda_id not in self.jobs
        self.jobs[job.panda_id] = job
        self._alive[job.panda_id] = job

    def alive(self) -> Iterator[Job]:
        """Yield the jobs that are in no final state, as they were when asked."""
        yield from list(self._alive.values())

    def jobset(self, job: Job) -> list[Job]:
        """Return the other live jobs of the jobset of *job*."""
        jobset = job.spec.jobset
        return [
            other
            for other in self.alive()
            if other is not job and other.spec.shares_events and other.spec.jobset == jobset
        ]

    def change(
        self, job: Job, new: State, *, actor: Actor, by: str = "", reason: str = "", now: float
    ) -> bool:
        """Take *job* to *new* and return True; an illegal transition is refused and said."""
        old = job.state
        who = by or actor.value
        if not allowed(old, new, actor=actor):
            self.refuse(job.panda_id, pilot=who, why=f"{actor} may not change {old} to {new}")
            return False
        job.state, job.changed_at = new, now
        if job.final:
            job.settle_at = None
            self._alive.pop(job.panda_id)
        self.journal.emit(
            JOB_STATE,
            who=SERVER,
            job=job.panda_id,
            old=old.value,
            new=new.value,
            by=who,
            attempt=job.attempt,
            reason=reason,
        )
        return True

    def refuse(self, panda_id: int | None, *, pilot: str, why: str) -> None:
        """Say that a request of *pilot* about a job had no effect."""
        self.journal.emit(JOB_REFUSED, who=SERVER, job=panda_id, pilot=pilot, why=why)
