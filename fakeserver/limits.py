"""How long a job may go without a word, state by state.

Read from panda-server@9cc36033:daemons/scripts/copyArchive.py#L270-L520.
"""

from __future__ import annotations

from fakeserver.jobs import Job
from fakeserver.policy import Policy
from fakeserver.states import QUEUED
from fakeserver.states import State

HIGH_PRIORITY = 800


def limit_of(job: Job, policy: Policy) -> float | None:
    """Return how many seconds without an update *job* may last, None for ever."""
    if job.report is not None:
        return None
    if job.state is State.SENT:
        return policy.sent_limit_s
    if job.state is State.HOLDING:
        return holding_limit_of(job, policy)
    if job.state in (State.STARTING, State.RUNNING):
        return policy.lost_heartbeat_s
    if job.state is State.TRANSFERRING:
        return policy.transferring_limit_s or policy.lost_heartbeat_s
    return policy.queued_limit_s if job.state in QUEUED else None


def holding_limit_of(job: Job, policy: Policy) -> float:
    """Return the limit for a job that its pilot left for recovery."""
    patient = policy.holding_production_limit_s
    if patient is None or job.spec.analysis or job.spec.priority > HIGH_PRIORITY:
        return policy.holding_limit_s
    return patient


def due_at(job: Job, policy: Policy) -> float | None:
    """Return the instant (POSIX) at which something is to be done about *job*, or None."""
    limit = limit_of(job, policy)
    if limit is None:
        return job.settle_at
    # Nobody sends updates of a job that waits: what counts is since when it does.
    since = job.changed_at if job.state in QUEUED else job.updated_at
    return since + limit
