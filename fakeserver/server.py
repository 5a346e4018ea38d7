"""The PanDA server: a plain model that takes requests and the time.

No sockets, no files, no threads, no clock of its own: *now* is POSIX seconds, given with each
request. Every change of the model goes through the methods of this class, the job table, the
ranges or a room (``keeping``), so that ``keep``, ``changes`` and ``restore`` can put it on disk.
Not modelled: JEDI's brokerage, transfers of inputs; a defined job is ready for a pilot at once
unless told otherwise.
"""

from __future__ import annotations

import dataclasses
from random import Random
from typing import Any
from typing import Callable
from typing import Iterable
from typing import Sequence
from uuid import UUID

from fakeserver import brokerage
from fakeserver import dispatch
from fakeserver import killing
from fakeserver import months
from fakeserver import reaper
from fakeserver import signing
from fakeserver import updates
from fakeserver.consumers import acquire
from fakeserver.events import JOB_DEFINED
from fakeserver.events import JOB_FOLLOWED
from fakeserver.events import SERVER
from fakeserver.following import follow
from fakeserver.following.retries import next_attempt
from fakeserver.harvesters import Harvesters
from fakeserver.identity import compact
from fakeserver.jobs import Job
from fakeserver.jobs import JobSpec
from fakeserver.jobs import check_spec
from fakeserver.jobtable import JOBS
from fakeserver.jobtable import SPECS
from fakeserver.jobtable import JobTable
from fakeserver.keeping import Change
from fakeserver.keeping import Notes
from fakeserver.keeping import Room
from fakeserver.keeping import Rooms
from fakeserver.matching import Asking
from fakeserver.matching import JobRequest
from fakeserver.operation import Alarms
from fakeserver.operation import History
from fakeserver.people import People
from fakeserver.plain import job_from
from fakeserver.plain import plain_job
from fakeserver.plain import plain_spec
from fakeserver.policy import Policy
from fakeserver.progress import Outcome
from fakeserver.progress import unpacked
from fakeserver.progress import update_ranges
from fakeserver.ranges import RANGES
from fakeserver.ranges import EventRange
from fakeserver.ranges import RangeTable
from fakeserver.record import Record
from fakeserver.record import record_of
from fakeserver.shares import Share
from fakeserver.sightings import Sightings
from fakeserver.states import QUEUED
from fakeserver.states import Actor
from fakeserver.states import State
from fakeserver.tasks import Tasks
from fakeserver.updates import Reply
from fakeserver.updates import Update
from fakeserver.vault import Vault
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
FIRST_ID = 6_000_000_000
REASSIGNABLE = (State.ASSIGNED, State.WAITING, State.ACTIVATED, State.THROTTLED)


class PandaServer:
    """One PanDA server; what a scenario may set are plain dictionaries.

    *queues*: queuedata by queue. *endpoints*: the ddmendpoints. *transforms*: text by name.
    *missing*: datasets that are not there yet. *proxies*, *tokens*, *token_keys*, *keys*: Vault.
    *workers*, *worker_nodes*, *traces*: what was reported. *files*: what clients left in the cache.
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
        self.notes = Notes()
        self.rooms = Rooms(self.notes)
        self.table = JobTable(journal, policy, self.notes)
        self.ranges = RangeTable(self.notes)
        self.people = People(self.rooms)
        self.vault = Vault(self.rooms, token_seed=policy.token_seed)
        self.harvesters = Harvesters(self.rooms)
        self.tasks = Tasks(self, self.rooms)
        self.alarms = Alarms(self, self.rooms)
        self.history = History(self.rooms)
        self.sightings = Sightings()
        self.queues: dict[str, dict[str, Any]] = {}
        self.endpoints: dict[str, dict[str, Any]] = {}
        self.transforms: dict[str, str] = {"payload": TRANSFORM}
        self.missing: Room[Any] = self.rooms.room("missing")
        self.files: Room[str] = self.rooms.room("files")
        self.proxies = self.vault.proxies
        self.tokens = self.vault.tokens
        self.token_keys = self.vault.token_keys
        self.keys = self.vault.keys
        self.resource_types = [
            each | {"maxrampercore": MAX_RAM.get(each["resource_name"])} for each in RESOURCE_TYPES
        ]
        self.workers = self.harvesters.workers
        self.worker_nodes: Room[dict[str, Any]] = self.rooms.room("worker_nodes")
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

    def global_id(self, panda_id: int) -> str:
        """Return an id of a job that no other server gives."""
        return f"{self.policy.server_id}:{panda_id}"

    def watch(self, now: float) -> None:
        """Look for what somebody should hear of, and take a snapshot if it is time."""
        self.alarms.look(now)
        if self.history.due(now):
            self.history.take(self.table, now=now)

    def new_id(self) -> int:
        """Return an id that no job has."""
        return max(self.table.last_id, FIRST_ID) + 1

    def define_job(self, spec: JobSpec, *, state: State = State.ACTIVATED) -> Job:
        """Enter a job and take it to *state*: defined, waiting, assigned, throttled, activated.

        A log without GUID gets one, and a transformation from this server's own cache a text.
        Raises ScenarioError for a bad specification or an id that is taken.
        """
        job = self._enter(spec, now=self.now())
        self._bring(job, state)
        return job

    def admit(self, spec: JobSpec, *, now: float) -> Job:
        """Enter a job and let brokerage take it as far as it goes. Raises ScenarioError."""
        job = self._enter(spec, now=now)
        self._place(job, now=now)
        return job

    def _enter(self, spec: JobSpec, *, now: float) -> Job:
        check_spec(spec)
        if spec.panda_id in self.jobs:
            raise ScenarioError("this id is taken", where=f"job {spec.panda_id}")
        job = Job(self._completed(spec), updated_at=now, changed_at=now)
        self.table.add(job)
        if spec.shares_events:
            self.ranges.define(job.spec)
        self._announce(job)
        return job

    def _place(self, job: Job, *, now: float) -> None:
        brokerage.place(
            self.table,
            job,
            queues=self.queues,
            missing=self.missing,
            people=self.people,
            now=now,
        )

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

    def dataset_came(self, name: str) -> list[int]:
        """Let the jobs go on that waited for nothing but the dataset *name*; return their ids."""
        self.missing.pop(name, None)
        return self.place_waiting()

    def place_waiting(self) -> list[int]:
        """Look again at every job that waits; return the ids of those that do no longer."""
        waiting = sorted(
            panda_id
            for queue in self.table.queues()
            for panda_id in self.table.at(queue, State.WAITING)
        )
        for panda_id in waiting:
            self._place(self.jobs[panda_id], now=self.now())
        return [each for each in waiting if self.jobs[each].state is not State.WAITING]

    def dispatch(
        self, request: JobRequest, *, who: str, now: float, count: int = 1
    ) -> list[Record]:
        """Hand at most *count* jobs to the pilot *who* and return their records."""
        asking = Asking(request, self.queues.get(request.queue, {}), self.policy.cross_vo)
        self.sightings.note(request, now)
        records: list[Record] = []
        while len(records) < count:
            job = dispatch.choose(self.table, asking)
            if job is None:
                break
            dispatch.send(self.table, job, request=request, who=who, now=now)
            harvester, _, worker = request.worker.partition("/")
            if worker:
                self.harvesters.has_job(harvester, worker, job.panda_id, now=now)
            records.append(self._record(job, asking, now=now))
        return records

    def _record(self, job: Job, asking: Asking, *, now: float) -> Record:
        queue = asking.request.queue
        lately = dispatch.sent_lately(self.table, queue, label=asking.label, now=now)
        record = record_of(job, sent=lately)
        record |= self._secrets(job)
        if self.policy.signed_records:
            record[signing.COLUMN] = signing.signature(
                job.spec.transformation, server_id=self.policy.server_id
            )
        return record

    def _secrets(self, job: Job) -> Record:
        """Return what of other people's secrets goes with a job: its owner's, and the pilots'."""
        own = self.vault.as_text(compact(job.spec.user)) if job.spec.use_secrets else None
        told = {"secrets": own, "pilotSecrets": self.vault.pilot_secrets()}
        return {name: text for name, text in told.items() if text is not None}

    def update(self, update: Update, *, who: str, now: float) -> Reply:
        """Apply an update by the pilot *who* and return the answer."""
        reply = updates.apply(self.table, self.ranges, update, who=who, now=now)
        follow(self, now=now)
        return reply

    def acquire_ranges(
        self, panda_id: int, *, count: int, who: str, now: float
    ) -> list[EventRange]:
        """Give a job at most *count* event ranges; none for a job that is not there."""
        job = self.jobs.get(panda_id)
        if job is None:
            self.table.refuse(panda_id, pilot=who, why="event ranges for an unknown job")
            return []
        given = acquire(self.table, self.ranges, job, count=count, who=who, now=now)
        follow(self, now=now)
        return given

    def update_ranges(
        self, entries: Sequence[Any], *, who: str, version: int = 0
    ) -> tuple[list[Outcome], dict[int, str | None]]:
        """Take note of what became of event ranges; return outcomes and commands by job."""
        return update_ranges(self.table, self.ranges, unpacked(entries, version=version), who=who)

    def reap(self, now: float) -> list[int]:
        """End lost jobs and settle reported ones as far as due; return their ids."""
        done = reaper.reap(self.table, self.ranges, now=now)
        follow(self, now=now)
        months.archive(self.table, now=now)
        return done

    def next_deadline(self, now: float) -> float | None:
        """Return when (POSIX) ``reap`` has something to do, at the earliest *now*; or None."""
        instant = reaper.next_due(self.table)
        return None if instant is None else max(instant, now)

    def set_command(self, panda_id: int, command: str) -> None:
        """Tell the pilot of a job something with every answer from now on; ``""`` ends that."""
        self.jobs[panda_id].command = command
        self.table.touch(self.jobs[panda_id])

    def set_debug(self, panda_id: int, on: bool) -> None:
        """Switch the debug mode of a job."""
        self.jobs[panda_id].debug = on
        self.table.touch(self.jobs[panda_id])

    def kill(
        self, panda_id: int, *, by: str = "user", code: str = "", production: bool = False
    ) -> bool:
        """Kill a job, see ``killing``; return whether that changed anything."""
        job, now = self.jobs[panda_id], self.now()
        killed = killing.kill(
            self.table, self.ranges, job, by=by, code=code, production=production, now=now
        )
        follow(self, now=now)
        return killed

    def set_priority(self, panda_id: int, priority: int) -> None:
        """Let *priority* be that of a job that no pilot has yet; of any other it has no effect."""
        job = self.jobs[panda_id]
        if job.state in QUEUED:
            self.table.respecify(job, dataclasses.replace(job.spec, priority=priority))

    def reassign(self, panda_id: int, *, by: str = "user") -> bool:
        """Let brokerage choose the queue of a job anew; return False if a pilot has it already."""
        job, now = self.jobs[panda_id], self.now()
        if job.state not in REASSIGNABLE:
            return False
        reason = f"reassigned by {by}"
        self.table.change(job, State.DEFINED, actor=Actor.BROKER, reason=reason, now=now)
        queue = brokerage.choose_queue(self.table, self.queues, job.spec)
        if queue:
            self.table.respecify(job, dataclasses.replace(job.spec, queue=queue))
        self._place(job, now=now)
        follow(self, now=now)
        return True

    def retry(self, panda_id: int, *, now: float) -> int:
        """Define another attempt of a job that has ended and return its id."""
        job = self.jobs[panda_id]
        spec = next_attempt(job.spec, self.new_id())
        attempts = max(spec.max_attempt, spec.attempt)
        again = self.admit(dataclasses.replace(spec, max_attempt=attempts), now=now)
        job.retried_by = again.panda_id
        self.table.touch(job)
        self.journal.emit(
            JOB_FOLLOWED, who=SERVER, job=panda_id, next=again.panda_id, why="retried by hand"
        )
        return again.panda_id

    def allow_attempts(self, task: int, more: int) -> int:
        """Allow the jobs of a task that are not over *more* attempts; return how many they are."""
        jobs = [job for job in self.table.of_task(task).values() if not job.final]
        for job in jobs:
            limit = max(job.spec.max_attempt, job.attempt) + more
            self.table.respecify(job, dataclasses.replace(job.spec, max_attempt=limit))
        return len(jobs)

    def define_shares(self, shares: Sequence[Share]) -> None:
        """Divide the grid among *shares* from now on."""
        self.table.reshare(shares)

    def keep(self) -> None:
        """Note from now on what changes."""
        self.notes.on = True

    def changes(self) -> list[Change]:
        """Return what changed since the last call, each record once and as it is now."""
        return [Change(room, key, self._content(room, key)) for room, key in self.notes.take()]

    def _content(self, room: str, key: str) -> Any:
        if room == JOBS:
            return plain_job(self.jobs[int(key)])
        if room == SPECS:
            return plain_spec(self.jobs[int(key)].spec)
        if room == RANGES:
            return self.ranges.plain(key)
        return self.rooms.room(room).content(key)

    def restore(self, kept: Iterable[Change]) -> None:
        """Become the server whose changes, each record's last, are *kept*; this one is empty."""
        assert not self.jobs
        by_room: dict[str, dict[str, Any]] = {}
        for change in kept:
            if change.content is not None:
                by_room.setdefault(change.room, {})[change.key] = change.content
        specs, records = by_room.pop(SPECS, {}), by_room.pop(JOBS, {})
        jobs = [job_from(specs[key], record) for key, record in records.items()]
        for job in sorted(jobs, key=_order):
            self.table.load(job)
        ranges = by_room.pop(RANGES, {}).values()
        for record in sorted(ranges, key=lambda each: (each["jobset"], each.get("number", 0))):
            self.ranges.load(record)
        for name, contents in by_room.items():
            for key, content in contents.items():
                self.rooms.room(name).load(key, content)

    def snapshot(self) -> dict[str, Any]:
        """Return the state of the model as plain data, equal for equal histories."""
        return {
            "jobs": {str(key): plain_job(job) for key, job in sorted(self.jobs.items())},
            "ranges": dict(sorted(self.ranges.snapshot().items())),
            "rooms": {
                name: dict(sorted(room.items())) for name, room in self.rooms.plain().items()
            },
            "traces": self.traces,
        }


def _order(job: Job) -> tuple[bool, float, int]:
    """Return the order in which jobs are entered again: the living by id, others as they ended."""
    return job.final, job.changed_at if job.final else 0.0, job.panda_id
