"""The archive: jobs that ended move to tables of one month each.

The month is that of the end of the job. Read from panda-server@9cc36033:
daemons/scripts/copyArchive.py (jobsArchived4 to the archive), where it is done after days.
"""

from __future__ import annotations

from fakeserver.jobtable import JobTable
from simkernel import utc_text


def month_of(instant: float) -> str:
    """Return the month of a POSIX instant: ``2026-03``."""
    return utc_text(instant)[:7]


def archive(table: JobTable, *, now: float) -> list[int]:
    """Archive the jobs that ended long enough ago and return their ids, first ended first."""
    moved: list[int] = []
    limit = now - table.policy.archive_after_s
    # Jobs enter ``recent`` in the order of their ends.
    while table.recent:
        job = next(iter(table.recent.values()))
        if job.changed_at > limit:
            break
        table.archive(job, month_of(job.changed_at))
        moved.append(job.panda_id)
    return moved
