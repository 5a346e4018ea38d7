"""Archive: a job comes to its end, and so may others of its jobset.

Read from panda-server@9cc36033:taskbuffer/db_proxy_mods/job_complex_module.py#L1237.
"""

from __future__ import annotations

from fakeserver.consumers import close
from fakeserver.consumers import close_others
from fakeserver.consumers import holds
from fakeserver.consumers import reason_for
from fakeserver.jobs import Job
from fakeserver.jobtable import JobTable
from fakeserver.ranges import RangeTable
from fakeserver.states import Actor
from fakeserver.states import State


def end(
    table: JobTable,
    ranges: RangeTable,
    job: Job,
    *,
    state: State,
    actor: Actor,
    reason: str,
    now: float,
) -> None:
    """Take *job* to the final *state*, or close it when it is a clone that does not count."""
    clone = bool(job.spec.clone_mode)
    counts = clone and holds(ranges, job)
    if clone and not counts and table.jobset(job):
        close(table, job, reason=reason_for(ranges, job), now=now)
        return
    table.change(job, state, actor=actor, reason=reason, now=now)
    if counts:
        close_others(table, job, now=now)
    elif job.spec.shares_events:
        ranges.release_all(job.panda_id)
