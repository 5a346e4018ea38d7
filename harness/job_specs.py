"""From the jobs of a scenario to the server's job table, storage, and the payloads of the nodes."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from random import Random

from fakeserver.jobs import InputFile
from fakeserver.jobs import JobSpec
from fakeserver.jobs import OutputFile
from fakesites.payload import EventModel
from fakesites.payload import PayloadModel
from fakesites.site import Site
from harness.pilots.launch import TRANSFORMS
from harness.scenario import Job
from harness.scenario import Scenario
from simkernel import Streams

PANDA_ID_FIRST = 6_000_000_001
TASK_ID_FIRST = 40_000_001
SCOPE = "flightsim"
EVENT = "event"
TRANSFORMATION = f"{TRANSFORMS}/payload"


@dataclass(frozen=True, slots=True)
class Assignment:
    """One job as it is flown: the server's *spec*, and the *payload* known by its *key*."""

    key: str
    spec: JobSpec
    payload: PayloadModel


def assignments(scenario: Scenario, site: Site, streams: Streams) -> tuple[Assignment, ...]:
    """Return every job of *scenario*, its inputs placed on the storage of *site*."""
    jobs = scenario.flown_jobs()
    return tuple(
        _assign(key, job, number=number, scenario=scenario, site=site, rng=streams[f"job/{key}"])
        for number, (key, job) in enumerate(jobs)
    )


def _assign(
    key: str, job: Job, *, number: int, scenario: Scenario, site: Site, rng: Random
) -> Assignment:
    stem = key.replace("/", ".")
    queue = site.queue(scenario.world.queue)
    endpoint = queue.storage
    names = [each.lfn or f"{stem}.out{n}.root" for n, each in enumerate(job.payload.outputs, 1)]
    shared = bool(job.clone) or job.kind == EVENT
    spec = JobSpec(
        panda_id=PANDA_ID_FIRST + number,
        queue=scenario.world.queue,
        kind=job.kind,
        label=job.label,
        processing_type=job.processing_type or queue.processing_type,
        name=stem,
        # Clones do the same work: they share task and jobset, and with it the event ranges.
        # So do the jobs of the event service, which share the work.
        task_id=TASK_ID_FIRST if shared else TASK_ID_FIRST + number,
        jobset_id=TASK_ID_FIRST if shared else 0,
        event_ranges=job.events.ranges if job.events else 0,
        core_count=job.payload.cores if job.events else 1,
        definition_id=number + 1,
        inputs=_inputs(key, job, site),
        outputs=tuple(OutputFile(name, _guid(rng), SCOPE, endpoint=endpoint) for name in names),
        log=_log(stem, job, rng=rng, endpoint=queue.log_to or endpoint),
        transformation=TRANSFORMATION,
        job_pars=f"--flightsim-job {key}",
        clone_mode=job.clone,
        extras=dict(job.record),
    )
    return Assignment(key, spec, _payload(job, names))


def _inputs(key: str, job: Job, site: Site) -> tuple[InputFile, ...]:
    stem = key.replace("/", ".")
    placed = [
        site.place_input(key, each.lfn or f"{stem}.in{n}.root", SCOPE, each.size_bytes)
        for n, each in enumerate(job.inputs, 1)
    ]
    return tuple(
        InputFile(
            lfn=each.lfn,
            guid=each.guid,
            size=each.size,
            adler32=each.adler32,
            scope=each.scope,
            endpoint=each.endpoint,
        )
        for each in placed
    )


def _log(stem: str, job: Job, *, rng: Random, endpoint: str) -> OutputFile | None:
    if not job.log:
        return None
    return OutputFile(f"{stem}.job.log.tgz", _guid(rng), SCOPE, "flightsim:logs", endpoint)


def _guid(rng: Random) -> str:
    return str(uuid.UUID(int=rng.getrandbits(128), version=4)).upper()


def _payload(job: Job, names: list[str]) -> PayloadModel:
    payload = job.payload
    return PayloadModel(
        walltime_s=payload.walltime_s,
        cpu=payload.cpu,
        cores=payload.cores,
        rss_kb=payload.rss_bytes // 1024,
        outputs=tuple(
            (name, each.size_bytes) for name, each in zip(names, payload.outputs, strict=True)
        ),
        exit_code=payload.exit_code,
        signal=payload.signal,
        touch_interval_s=payload.touch_s,
        hang_at_s=payload.hang_at_s,
        stdout_lines=payload.stdout,
        stderr_lines=payload.stderr,
        orphans=payload.orphans,
        events=_events(job),
    )


def _events(job: Job) -> EventModel | None:
    plan = job.events
    if plan is None:
        return EventModel() if job.kind == EVENT else None
    return EventModel(plan.each_s, plan.size_bytes, plan.failing)
