"""How many jobs there are, in which state, where."""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import Iterator

from fakeserver.jobs import Job
from fakeserver.registry import Answer
from fakeserver.registry import Call
from fakeserver.registry import endpoint
from fakeserver.states import FINAL

SOURCE = "panda-server@9cc36033:api/v1/statistics_api.py#L{}"
WINDOW_S = 43200.0
CLOUD = "WORLD"
NEED = 'Parameter "type" needs to be either "production" or "analysis" '


def lately(call: Call) -> Iterator[Job]:
    """Yield the jobs that are not over, and those that ended in the time window (minutes)."""
    window_s = call.whole("time_window") * 60.0 or WINDOW_S
    yield from call.server.table.alive()
    for job in call.server.table.recent.values():
        if job.changed_at >= call.now - window_s:
            yield job


def tally(call: Call, keys: Callable[[Job], tuple[str, ...]], *, ended: bool) -> dict[str, Any]:
    """Return nested counts of jobs by *keys* and state."""
    told: dict[str, Any] = {}
    for job in lately(call):
        if job.state in FINAL and not ended:
            continue
        inner = told
        for key in keys(job):
            inner = inner.setdefault(key, {})
        inner[job.state.value] = inner.get(job.state.value, 0) + 1
    return told


@endpoint(
    "job_stats_by_cloud",
    about="count jobs by cloud and state",
    source=SOURCE.format(26),
    modern="statistics/job_stats_by_cloud",
    method="GET",
    takes="- type str",
    secure=False,
    production=False,
)
def job_stats_by_cloud(call: Call) -> Answer:
    """Answer for production or analysis."""
    kind = call.text("type") or "production"
    if kind not in ("production", "analysis"):
        return Answer(success=False, message=NEED, modern={})
    told: dict[str, int] = {}
    for job in lately(call):
        if job.spec.analysis is (kind == "analysis"):
            told[job.state.value] = told.get(job.state.value, 0) + 1
    return Answer(modern={CLOUD: told})


@endpoint(
    "production_job_stats_by_cloud_and_processing_type",
    about="count production jobs by cloud, processing type and state",
    source=SOURCE.format(60),
    modern="statistics/production_job_stats_by_cloud_and_processing_type",
    method="GET",
    secure=False,
    production=False,
)
def production_job_stats_by_cloud_and_processing_type(call: Call) -> Answer:
    """Answer with numbers."""
    told: dict[str, dict[str, int]] = {}
    for job in lately(call):
        if not job.spec.analysis:
            states = told.setdefault(job.spec.processing, {})
            states[job.state.value] = states.get(job.state.value, 0) + 1
    return Answer(modern={CLOUD: told})


@endpoint(
    "active_job_stats_by_site",
    about="count jobs that are not over by queue and state",
    source=SOURCE.format(89),
    modern="statistics/active_job_stats_by_site",
    method="GET",
    secure=False,
    production=False,
)
def active_job_stats_by_site(call: Call) -> Answer:
    """Answer with numbers."""
    return Answer(modern=tally(call, lambda job: (job.spec.queue,), ended=False))


@endpoint(
    "active_job_detailed_stats_by_site",
    about="count jobs that are not over by queue, resource type, label and state",
    source=SOURCE.format(117),
    modern="statistics/active_job_detailed_stats_by_site",
    method="GET",
    secure=False,
    production=False,
)
def active_job_detailed_stats_by_site(call: Call) -> Answer:
    """Answer with numbers."""

    def keys(job: Job) -> tuple[str, ...]:
        return job.spec.queue, job.spec.resource_type, job.spec.source_label

    return Answer(modern=tally(call, keys, ended=False))


@endpoint(
    "job_stats_by_site_and_resource_type",
    about="count jobs by queue, resource type and state",
    source=SOURCE.format(145),
    modern="statistics/job_stats_by_site_and_resource_type",
    method="GET",
    takes="- time_window int",
    secure=False,
    production=False,
)
def job_stats_by_site_and_resource_type(call: Call) -> Answer:
    """Answer with numbers, ended jobs of the last minutes too."""

    def keys(job: Job) -> tuple[str, ...]:
        return job.spec.queue, job.spec.resource_type

    return Answer(modern=tally(call, keys, ended=True))


@endpoint(
    "job_stats_by_site_share_and_resource_type",
    about="count jobs by queue, share, resource type and state",
    source=SOURCE.format(178),
    modern="statistics/job_stats_by_site_share_and_resource_type",
    method="GET",
    takes="- time_window int",
    secure=False,
    production=False,
)
def job_stats_by_site_share_and_resource_type(call: Call) -> Answer:
    """Answer with numbers, ended jobs of the last minutes too."""
    shares = call.server.table.shares

    def keys(job: Job) -> tuple[str, ...]:
        return job.spec.queue, shares.leaf_of(job.spec), job.spec.resource_type

    return Answer(modern=tally(call, keys, ended=True))
