"""The PanDA server: a plain model that takes requests and the time.

No sockets, no threads, no clock of its own: *now* is POSIX seconds, given with each request.
Models job table, dispatch, updates, final reports, event ranges, clone jobs, lost heartbeats,
credentials handed out, workers. Not modelled: brokerage, tasks, users' quotas, archives of
months; a defined job is ready for a pilot at once unless told otherwise.
"""

from __future__ import annotations

import dataclasses
from random import Random
from typing import Any
from typing import Callable
from typing import Sequence
from uuid import UUID

from fakeserver import dispatch
from fakeserver import reaper
from fakeserver import updates
from fakeserver.consumers import acquire
from fakeserver.dispatch import JobRequest
from fakeserver.events import JOB_DEFINED
from fakeserver.events import SERVER
from fakeserver.jobs import Job
from fakeserver.jobs import JobSpec
from fakeserver.jobs import check_spec
from fakeserver.jobtable import JobTable
from fakeserver.policy import Policy
from fakeserver.progress import Outcome
from fakeserver.progress import unpacked
from fakeserver.progress import update_ranges
from fakeserver.ranges import EventRange
from fakeserver.ranges import RangeTable
from fakeserver.record import Record
from fakeserver.record import record_of
from fakeserver.states import Actor
from fakeserver.states import State
from fakeserver.updates import Reply
from fakeserver.updates import Update
from simkernel import Journal
from simkernel import ScenarioError

TRANSFORM = '#!/bin/sh\nexec flightsim-payload "$0" "$@"\n'
TRANSFORM_PATH = "/trf/user/"
_JOURNALLED = """
    PandaID prodSourceLabel processingType taskID jobsetID transformation jobPars inFiles GUID
    fsize checksum scopeIn ddmEndPointIn outFiles scopeOut scopeLog logFile logGUID ddmEndPointOut
    coreCount maxWalltime maxCpuCount currentPriority prodUserID cloneJob eventService
allowNoOutput
"""
JOURNALLED = tuple(_JOURNALLED.split())
DEFAULT_POLICY = Policy()
RESOURCE_TYPES: tuple[dict[str, Any], ...] = (
    {"resource_name": "SCORE", "mincore": 1, "maxcore": 1, "minrampercore": 0},
    {"resource_name": "SCORE_HIMEM", "mincore": 1, "maxcore": 1, "minrampercore": 2001},
    {"resource_name": "MCORE", "mincore": 2, "maxcore": None, "minrampercore": 0},
    {"resource_name": "MCORE_HIMEM", "mincore": 2, "maxcore": None, "minrampercore": 2001},
)
MAX_RAM = {"SCORE": 2000, "MCORE": 2000}


class PandaServer:
    """One PanDA server; what a scenario may set are plain dictionaries.

    *queues*: queuedata by queue. *endpoints*: the ddmendpoints. *transforms*: text by name.
    *proxies*: PEM text by role, ``""`` for none. *tokens* and *token_keys*: by client name.
    *keys*: by key name. *workers*, *worker_nodes*, *traces*: what was reported.
    """

    def __init__(
        self,
        clock_now: Callable[[], float],
        journal: Journal,
        *,
        rng: Random,
        policy: Policy = DEFAULT_POLICY,
    ) -> None:
        self._clock_now = clock_now
        self._rng = rng
        self.journal = journal
        self.table = JobTable(journal, policy)
        self.ranges = RangeTable()
        self.queues: dict[str, dict[str, Any]] = {}
        self.endpoints: dict[str, dict[str, Any]] = {}
        self.transforms: dict[str, str] = {"payload": TRANSFORM}
        self.proxies: dict[str, str] = {}
        self.tokens: dict[str, str] = {}
        self.token_keys: dict[str, str] = {}
        self.keys: dict[str, str] = {}
        self.resource_types = [
            each | {"maxrampercore": MAX_RAM.get(each["resource_name"])} for each in RESOURCE_TYPES
        ]
        self.workers: dict[str, dict[str, Any]] = {}
        self.worker_nodes: dict[str, dict[str, Any]] = {}
        self.traces: list[Any] = []

    @property
    def jobs(self) -> dict[int, Job]:
        """Return every job by its id."""
        return self.table.jobs

    @property
    def policy(self) -> Policy:
        """Return the limits and manners of this server."""
        return self.table.policy

    def now(self) -> float:
        """Return the present instant, POSIX seconds."""
        return self._clock_now()

    def define_job(self, spec: JobSpec, *, state: State = State.ACTIVATED) -> Job:
        """Enter a job and take it to *state*: defined, waiting, assigned, throttled, activated.

        A log without GUID gets one, and a transformation from this server's own cache a text.
        Raises ScenarioError for a bad specification or an id that is taken.
        """
        check_spec(spec)
        if spec.panda_id in self.jobs:
            raise ScenarioError("this id is taken", where=f"job {spec.panda_id}")
        job = Job(self._completed(spec), updated_at=self.now(), changed_at=self.now())
        self.table.add(job)
        if spec.shares_events:
            self.ranges.define(job.spec)
        self._announce(job)
        self._bring(job, state)
        return job

    def _completed(self, spec: JobSpec) -> JobSpec:
        _, known, name = spec.transformation.partition(TRANSFORM_PATH)
        if known:
            self.transforms.setdefault(name, TRANSFORM)
        if spec.log is None or spec.log.guid:
            return spec
        guid = str(UUID(int=self._rng.getrandbits(128), version=4))
        return dataclasses.replace(spec, log=dataclasses.replace(spec.log, guid=guid))

    def _announce(self, job: Job) -> None:
        record = record_of(job)
        self.journal.emit(
            JOB_DEFINED,
            who=SERVER,
            job=job.panda_id,
            kind=job.spec.kind,
            attempt=job.attempt,
            fields={name: record[name] for name in JOURNALLED if name in record},
        )

    def _bring(self, job: Job, state: State) -> None:
        through = {
            State.DEFINED: (),
            State.WAITING: (State.WAITING,),
            State.ASSIGNED: (State.ASSIGNED,),
            State.THROTTLED: (State.ASSIGNED, State.THROTTLED),
            State.ACTIVATED: (State.ASSIGNED, State.ACTIVATED),
        }
        if state not in through:
            raise ScenarioError(f"no job begins as {state}", where=f"job {job.panda_id}")
        for each in through[state]:
            self.table.change(job, each, actor=Actor.BROKER, now=self.now())

    def activate(self, panda_id: int) -> None:
        """Make a job that was held back ready for a pilot."""
        job = self.jobs[panda_id]
        if job.state in (State.DEFINED, State.WAITING):
            self.table.change(job, State.ASSIGNED, actor=Actor.BROKER, now=self.now())
        self.table.change(job, State.ACTIVATED, actor=Actor.BROKER, now=self.now())

    def dispatch(
        self, request: JobRequest, *, who: str, now: float, count: int = 1
    ) -> list[Record]:
        """Hand at most *count* jobs to the pilot *who* and return their records."""
        label = dispatch.effective_label(request, self.queues.get(request.queue, {}))
        records: list[Record] = []
        while len(records) < count:
            job = dispatch.choose(self.table, request, label=label)
            if job is None:
                break
            dispatch.send(self.table, job, request=request, who=who, now=now)
            lately = dispatch.sent_lately(self.table, request.queue, label=label, now=now)
            records.append(record_of(job, sent=lately))
        return records

    def update(self, update: Update, *, who: str, now: float) -> Reply:
        """Apply an update by the pilot *who* and return the answer."""
        return updates.apply(self.table, self.ranges, update, who=who, now=now)

    def acquire_ranges(
        self, panda_id: int, *, count: int, who: str, now: float
    ) -> list[EventRange]:
        """Give a job at most *count* event ranges; none for a job that is not there."""
        job = self.jobs.get(panda_id)
        if job is None:
            self.table.refuse(panda_id, pilot=who, why="event ranges for an unknown job")
            return []
        return acquire(self.table, self.ranges, job, count=count, who=who, now=now)

    def update_ranges(
        self, entries: Sequence[Any], *, who: str, version: int = 0
    ) -> tuple[list[Outcome], dict[int, str | None]]:
        """Take note of what became of event ranges; return outcomes and commands by job."""
        return update_ranges(self.table, self.ranges, unpacked(entries, version=version), who=who)

    def reap(self, now: float) -> list[int]:
        """End lost jobs and settle reported ones as far as due; return their ids."""
        return reaper.reap(self.table, self.ranges, now=now)

    def next_deadline(self, now: float) -> float | None:
        """Return when (POSIX) ``reap`` has something to do, at the earliest *now*; or None."""
        instant = reaper.next_due(self.table)
        return None if instant is None else max(instant, now)

    def set_command(self, panda_id: int, command: str) -> None:
        """Tell the pilot of a job something with every answer from now on; ``""`` ends that."""
        self.jobs[panda_id].command = command

    def set_debug(self, panda_id: int, on: bool) -> None:
        """Switch the debug mode of a job."""
        self.jobs[panda_id].debug = on

    def kill(self, panda_id: int, *, by: str = "user") -> None:
        """Kill a job: a running one is told ``tobekilled``, any other is cancelled at once.

        Source: panda-server@9cc36033:taskbuffer/db_proxy_mods/job_complex_module.py#L795.
        """
        job = self.jobs[panda_id]
        if job.final:
            self.table.refuse(panda_id, pilot=by, why=f"the job is already {job.state}")
            return
        job.command = updates.KILL
        job.fields["taskBufferErrorDiag"] = f"killed by {by}"
        if job.state is State.RUNNING and job.spec.kind != "event":
            return
        self.table.change(
            job, State.CANCELLED, actor=Actor.USER, by=by, reason=f"killed by {by}", now=self.now()
        )
        if job.spec.kind == "event":
            self.ranges.release(job.spec.jobset, owner=panda_id)

    def snapshot(self) -> dict[str, Any]:
        """Return the state of the model as plain data, equal for equal histories."""
        return {
            "jobs": {str(key): _plain(job) for key, job in self.jobs.items()},
            "ranges": self.ranges.snapshot(),
            "workers": self.workers,
            "worker_nodes": self.worker_nodes,
            "traces": self.traces,
        }


def _plain(job: Job) -> dict[str, Any]:
    plain = {
        each.name: getattr(job, each.name)
        for each in dataclasses.fields(job)
        if each.name != "spec"
    }
    return plain | {"state": job.state.value, "fields": dict(sorted(job.fields.items()))}
