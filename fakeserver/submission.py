"""Submission: who may, in whose name, with which priority; then brokerage has the jobs.

Banned people submit nothing, nor does who is over quota, personally or with a working group;
production wants the role; a working group has to be one's own. A user's jobs get less and less
priority the more of them there are. Read from panda-server@9cc36033:api/v1/job_api.py#L381
(submit), taskbuffer/TaskBuffer.py#L188 (storeJobs), taskbuffer/PrioUtil.py (calculatePriority).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from typing import Any
from typing import Mapping
from typing import Sequence

from fakeserver.clientjobs import Draft
from fakeserver.clientjobs import spec_from_draft
from fakeserver.identity import Identity
from fakeserver.identity import compact
from fakeserver.jobs import Job
from fakeserver.jobs import JobSpec
from fakeserver.jobs import check_spec
from fakeserver.killing import GROUP_ROLE
from fakeserver.people import GROUP
from fakeserver.people import USER
from simkernel import ScenarioError

if TYPE_CHECKING:
    from fakeserver.server import PandaServer

JOBS_MAX = 5000
JOB_LABELS = ("user", "managed")
PRODUCTION_LABEL = "managed"
PRIORITY = 1000
JOBS_PER_POINT = 5


class SubmissionError(Exception):
    """Jobs are not taken; the text says why."""


def submit_drafts(
    server: PandaServer,
    drafts: Sequence[Draft],
    identity: Identity,
    *,
    production: bool,
    now: float,
) -> list[Job]:
    """Take the jobs that a client wrote, all or none; raise SubmissionError."""
    for draft in drafts:
        label = draft.get("job_label")
        if label is not None and label not in JOB_LABELS:
            raise SubmissionError(f"job_label={label} is not valid")
    first = server.new_id()
    try:
        specs = [
            spec_from_draft(draft, identity, panda_id=first + number)
            for number, draft in enumerate(drafts[:JOBS_MAX])
        ]
    except ValueError as error:
        raise SubmissionError(str(error)) from error
    return submit(server, specs, identity, production=production, now=now)


def submit(
    server: PandaServer,
    specs: Sequence[JobSpec],
    identity: Identity,
    *,
    production: bool,
    now: float,
) -> list[Job]:
    """Take *specs* as jobs of the caller, all or none; raise SubmissionError."""
    if not specs:
        raise SubmissionError("No jobs were submitted")
    authorize(server, specs, identity, production=production, now=now)
    for spec in specs:
        try:
            check_spec(spec)
        except ScenarioError as error:
            raise SubmissionError(str(error)) from error
    name = compact(identity.dn)
    if name and name not in server.people.users:
        server.people.add_user(identity.dn, registered=now)
    return [server.admit(spec, now=now) for spec in prioritized(server, specs)]


def authorize(
    server: PandaServer,
    specs: Sequence[JobSpec],
    identity: Identity,
    *,
    production: bool,
    now: float,
) -> None:
    """Raise SubmissionError unless the caller may submit *specs*."""
    name = compact(identity.dn)
    if server.people.banned(name):
        raise SubmissionError("Failed to submit jobs")
    if server.policy.registered_only and name not in server.people.users:
        raise SubmissionError(f"{name or 'nobody'} is not registered")
    for spec in specs:
        if spec.source_label == PRODUCTION_LABEL and not production:
            raise SubmissionError(
                f"{identity.dn} is missing production for "
                f"prodSourceLabel={spec.source_label} submission"
            )
    groups = sorted({spec.working_group for spec in specs if spec.working_group})
    for group in groups:
        if not production and group not in own_groups(server, identity):
            raise SubmissionError(f"{name} is not of the working group {group}")
    payers = [(USER, name), *((GROUP, group) for group in groups)]
    why = [said for kind, who in payers if (said := server.people.over_quota(kind, who, now=now))]
    if why:
        raise SubmissionError("; ".join(why))


def own_groups(server: PandaServer, identity: Identity) -> set[str]:
    """Return the working groups of the caller, by registration and by role."""
    user: Mapping[str, Any] = server.people.users.get(compact(identity.dn), {})
    by_role = {match[1] for fqan in identity.fqans if (match := GROUP_ROLE.match(fqan))}
    return set(user.get("groups", ())) | by_role


def prioritized(server: PandaServer, specs: Sequence[JobSpec]) -> list[JobSpec]:
    """Return *specs*, those of analysis with the priority that their number leaves them."""
    made: list[JobSpec] = []
    serial: dict[str, int] = {}
    for spec in specs:
        if not spec.analysis:
            made.append(spec)
            continue
        name = compact(spec.user)
        number = serial.setdefault(name, server.table.active_of(name))
        serial[name] += 1
        offset = int(server.people.users.get(name, {}).get("priority", 0))
        made.append(replace(spec, priority=PRIORITY + offset - number // JOBS_PER_POINT))
    return made
