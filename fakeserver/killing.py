"""Killing: who may end which job, and what a kill does to it.

A running job is only told; any other, one of the event service, and one killed by force is over at
once: cancelled, or closed where its work is to be done elsewhere or not at all.
Read from panda-server@9cc36033:taskbuffer/db_proxy_mods/job_complex_module.py#L795 (killJob).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from fakeserver.codes import TaskBufferError
from fakeserver.identity import Identity
from fakeserver.identity import compact
from fakeserver.identity import has_production_role
from fakeserver.jobs import Job
from fakeserver.jobtable import JobTable
from fakeserver.ranges import RangeTable
from fakeserver.states import Actor
from fakeserver.states import State

KILL = "tobekilled"
EXPIRE, EXPIRE_WAITING, ABORTED, RETRY, REBROKER = "2", "4", "3", "7", "8"
FORCED, FAST, JEDI, ELSEWHERE, JEDI_FORCED, DONE = "9", "10", "50", "51", "52", "55"
PILOT, BY_PRODUCTION, ALL_FORCED = "60", "91", "99"
OVER_ANALYSIS = (
    EXPIRE,
    EXPIRE_WAITING,
    RETRY,
    REBROKER,
    FORCED,
    JEDI,
    ELSEWHERE,
    JEDI_FORCED,
    BY_PRODUCTION,
    FAST,
    ALL_FORCED,
)
GROUP_ROLE = re.compile(r"^/atlas/([^/]+)/Role=production")


@dataclass(frozen=True, slots=True)
class End:
    """How a kill of some code ends a job: *sub* status, error *code*, and what is said."""

    code: TaskBufferError
    diag: str
    closed: bool = False
    sub: str = ""


ENDS = {
    EXPIRE: End(TaskBufferError.EXPIRED, "expired", True, "toreassign"),
    EXPIRE_WAITING: End(TaskBufferError.EXPIRED, "expired", True, "toreassign"),
    ABORTED: End(TaskBufferError.ABORTED, "aborted by ExtIF"),
    REBROKER: End(TaskBufferError.REASSIGNED, "reassigned to another site by rebrokerage"),
    ELSEWHERE: End(TaskBufferError.KILLED, "reassigned by JEDI", True, "toreassign"),
    DONE: End(TaskBufferError.KILLED, "killed since task is (almost) done", True, "taskdone"),
    PILOT: End(TaskBufferError.KILLED, "closed by the pilot", True),
    FAST: End(TaskBufferError.FAST_REBROKERAGE, "fast rebrokerage due to Nq/Nr overshoot", True),
}


def may_kill(job: Job, identity: Identity, *, code: str) -> bool:
    """Tell whether the caller may kill *job*: its owner, production, or its working group's."""
    if has_production_role(identity):
        return not job.spec.analysis or code in OVER_ANALYSIS
    group = job.spec.working_group.lower()
    roles = [match[1].lower() for fqan in identity.fqans if (match := GROUP_ROLE.match(fqan))]
    ours = any(re.search(f"(^|_){re.escape(role)}$", group) for role in roles)
    if job.spec.source_label in ("managed", "test") and group and ours:
        return True
    return compact(job.spec.user) == compact(identity.dn)


def kill(
    table: JobTable,
    ranges: RangeTable,
    job: Job,
    *,
    by: str,
    code: str = "",
    production: bool = False,
    now: float,
) -> bool:
    """Kill *job* and return whether that changed anything."""
    if job.final:
        table.refuse(job.panda_id, pilot=by, why=f"the job is already {job.state}")
        return False
    told = job.command == KILL
    job.command = KILL
    job.fields["taskBufferErrorDiag"] = f"killed by {by}"
    table.touch(job)
    if job.state is State.RUNNING and not _at_once(job, code=code, production=production):
        return not told
    return _end(table, ranges, job, by=by, code=code, now=now)


def _at_once(job: Job, *, code: str, production: bool) -> bool:
    """Tell whether even a running job is over at once."""
    test = job.spec.source_label in ("managed", "") or "test" in job.spec.source_label
    by_force = (test and code in (FORCED, JEDI_FORCED)) or (production and code == ALL_FORCED)
    return by_force or job.spec.kind == "event"


def _end(table: JobTable, ranges: RangeTable, job: Job, *, by: str, code: str, now: float) -> bool:
    end = ENDS.get(code, End(TaskBufferError.KILLED, f"killed by {by}"))
    state = State.CLOSED if end.closed else State.CANCELLED
    job.fields |= {"taskBufferErrorCode": int(end.code), "taskBufferErrorDiag": end.diag}
    if end.sub:
        job.fields["jobSubStatus"] = end.sub
    changed = table.change(job, state, actor=Actor.USER, by=by, reason=end.diag, now=now)
    if job.spec.kind == "event":
        ranges.release_all(job.panda_id)
    return changed
