"""The job table: every job, every change of state, every refusal, each of them journalled.

All that changes about a job changes here: ``add``, ``change``, ``respecify``, and ``touch`` after
columns of it were set. So the indexes are always true, and whoever keeps the table on disk hears
of each change (``keeping``).
"""

from __future__ import annotations

from collections import OrderedDict
from collections import deque
from typing import Iterator
from typing import Sequence

from fakeserver.deadlines import Deadlines
from fakeserver.events import JOB_REFUSED
from fakeserver.events import JOB_STATE
from fakeserver.events import SERVER
from fakeserver.identity import compact
from fakeserver.jobs import Job
from fakeserver.jobs import JobSpec
from fakeserver.keeping import Notes
from fakeserver.limits import due_at
from fakeserver.matching.shape import shape_of
from fakeserver.matching.waiting import WaitingRoom
from fakeserver.matching.waiting import places_of
from fakeserver.policy import Policy
from fakeserver.shares import Share
from fakeserver.shares import Shares
from fakeserver.states import WITH_PILOT
from fakeserver.states import Actor
from fakeserver.states import State
from fakeserver.states import allowed
from simkernel import Journal

JOBS = "jobs"
SPECS = "specs"
ACTIVE = (State.ACTIVATED, *WITH_PILOT)
Group = tuple[int, int]


class JobTable:
    """The jobs of one server in the order of their definition.

    *ended* are jobs that came to their end and of which the server has not yet drawn the
    consequences, *ripe* groups of jobs (task, jobset) whose outputs can be merged, *freed* users
    who may have another job active. *months* are archived jobs by month and id, *recent* the
    ended ones that are not archived.
    """

    def __init__(self, journal: Journal, policy: Policy, notes: Notes | None = None) -> None:
        self.journal = journal
        self.notes = notes or Notes()
        self.jobs: dict[int, Job] = {}
        self.waiting = WaitingRoom()
        self.deadlines = Deadlines()
        self.shares = Shares()
        self.ended: deque[Job] = deque()
        self.ripe: deque[Group] = deque()
        self.freed: deque[str] = deque()
        self.recent: OrderedDict[int, Job] = OrderedDict()
        self.months: dict[str, dict[int, Job]] = {}
        self.last_id = 0
        self._policy = policy
        self._alive: dict[int, Job] = {}
        self._at: dict[tuple[str, State], dict[int, Job]] = {}
        self._jobsets: dict[int, dict[int, Job]] = {}
        self._tasks: dict[int, dict[int, Job]] = {}
        self._task_alive: dict[int, int] = {}
        self._users: dict[tuple[str, State], dict[int, Job]] = {}
        self._unmerged: dict[Group, dict[int, Job]] = {}
        self._merging: dict[Group, dict[int, Job]] = {}

    @property
    def policy(self) -> Policy:
        """Return the limits and manners of the server."""
        return self._policy

    @policy.setter
    def policy(self, policy: Policy) -> None:
        self._policy = policy
        for job in self._alive.values():
            self.deadlines.set(job.panda_id, due_at(job, policy))

    def add(self, job: Job) -> None:
        """Enter *job*, whose id must be new."""
        assert job.panda_id not in self.jobs
        job.times.setdefault(job.state.value, job.changed_at)
        self.notes.note(SPECS, str(job.panda_id))
        self.load(job)
        self.touch(job)

    def load(self, job: Job) -> None:
        """Enter a job that was kept, as it is."""
        panda_id = job.panda_id
        self.jobs[panda_id] = job
        self.last_id = max(self.last_id, panda_id)
        self._tasks.setdefault(job.spec.task_id, {})[panda_id] = job
        if job.archived:
            self.months.setdefault(job.archived, {})[panda_id] = job
        elif job.final:
            self.recent[panda_id] = job
        else:
            self._alive[panda_id] = job
            self._join(job)
            self._enter(job)
        self.deadlines.set(panda_id, None if job.final else due_at(job, self._policy))

    def alive(self) -> Iterator[Job]:
        """Yield the jobs that are in no final state, as they were when asked."""
        yield from list(self._alive.values())

    def jobset(self, job: Job) -> list[Job]:
        """Return the other live jobs of the jobset of *job*."""
        sharing = self._jobsets.get(job.spec.jobset, {})
        return [other for other in sharing.values() if other is not job]

    def at(self, queue: str, state: State) -> dict[int, Job]:
        """Return the jobs of a queue that are in a state which is not final."""
        return self._at.get((queue, state), {})

    def queues(self) -> list[str]:
        """Return every queue that has jobs which are not over, by name."""
        return sorted({queue for (queue, _), jobs in self._at.items() if jobs})

    def of_task(self, task: int) -> dict[int, Job]:
        """Return every job of a task, ended ones too."""
        return self._tasks.get(task, {})

    def alive_of_task(self, task: int) -> int:
        """Return how many jobs of a task are in no final state."""
        return self._task_alive.get(task, 0)

    def of_user(self, user: str, state: State) -> dict[int, Job]:
        """Return the jobs of a user (by compact name) that are in a state which is not final."""
        return self._users.get((user, state), {})

    def unmerged(self, group: Group) -> bool:
        """Tell whether any job of a group is still on its way to where outputs are merged."""
        return bool(self._unmerged.get(group))

    def merging(self, group: Group) -> list[Job]:
        """Return the jobs of a group whose outputs wait to be merged, in the order of ids."""
        return [job for _, job in sorted(self._merging.get(group, {}).items())]

    def active_of(self, user: str) -> int:
        """Return how many jobs of a user are activated or with pilots."""
        return sum(len(self.of_user(user, state)) for state in ACTIVE)

    def touch(self, job: Job) -> None:
        """Take note that columns of *job* were set."""
        self.notes.note(JOBS, str(job.panda_id))
        self.deadlines.set(job.panda_id, None if job.final else due_at(job, self._policy))

    def change(
        self, job: Job, new: State, *, actor: Actor, by: str = "", reason: str = "", now: float
    ) -> bool:
        """Take *job* to *new* and return True; an illegal transition is refused and said."""
        old = job.state
        who = by or actor.value
        if not allowed(old, new, actor=actor):
            self.refuse(job.panda_id, pilot=who, why=f"{actor} may not change {old} to {new}")
            return False
        self._leave(job)
        job.state, job.changed_at = new, now
        job.times.setdefault(new.value, now)
        if job.final:
            job.settle_at = None
            self._alive.pop(job.panda_id)
            self._part(job)
            self.recent[job.panda_id] = job
            self.ended.append(job)
        else:
            self._enter(job)
        if old in ACTIVE and new not in ACTIVE:
            self.freed.append(compact(job.spec.user))
        self.touch(job)
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

    def respecify(self, job: Job, spec: JobSpec) -> None:
        """Let *spec* be what *job* is: another queue, another priority."""
        assert spec.panda_id == job.panda_id
        assert not job.final
        self._leave(job)
        self._part(job)
        self._tasks[job.spec.task_id].pop(job.panda_id)
        job.spec = spec
        self._tasks.setdefault(spec.task_id, {})[job.panda_id] = job
        self.notes.note(SPECS, str(job.panda_id))
        self._join(job)
        self._enter(job)
        self.touch(job)

    def reshare(self, shares: Sequence[Share]) -> None:
        """Divide the grid among *shares* from now on."""
        self.shares.define(shares)
        self.shares.used.clear()
        for job in self._alive.values():
            if job.state is State.ACTIVATED:
                self.waiting.leave(job.panda_id)
            self._queue_up(job)

    def archive(self, job: Job, month: str) -> None:
        """Move *job*, which has ended, to the table of *month*."""
        job.archived = month
        self.recent.pop(job.panda_id, None)
        self.months.setdefault(month, {})[job.panda_id] = job
        self.notes.note(JOBS, str(job.panda_id))

    def refuse(self, panda_id: int | None, *, pilot: str, why: str) -> None:
        """Say that a request of *pilot* about a job had no effect."""
        self.journal.emit(JOB_REFUSED, who=SERVER, job=panda_id, pilot=pilot, why=why)

    def _enter(self, job: Job) -> None:
        spec, state, panda_id = job.spec, job.state, job.panda_id
        self._at.setdefault((spec.queue, state), {})[panda_id] = job
        self._users.setdefault((compact(spec.user), state), {})[panda_id] = job
        if spec.unmerged:
            groups = self._merging if state is State.MERGING else self._unmerged
            groups.setdefault((spec.task_id, spec.jobset), {})[panda_id] = job
        self._queue_up(job)

    def _queue_up(self, job: Job) -> None:
        """Let *job* wait if it does, or count the cores that it uses."""
        spec = job.spec
        share = self.shares.leaf_of(spec)
        if job.state is State.ACTIVATED:
            places = places_of(spec.queue, user=compact(spec.user), task=str(spec.task_id))
            shape = shape_of(spec, share=share)
            self.waiting.enter(job.panda_id, shape, priority=spec.priority, places=places)
        elif job.state in WITH_PILOT:
            self.shares.count(share, spec.core_count)

    def _join(self, job: Job) -> None:
        """Count *job* among the living, in its jobset in the order of definition."""
        task = job.spec.task_id
        self._task_alive[task] = self._task_alive.get(task, 0) + 1
        if job.spec.shares_events:
            self._jobsets.setdefault(job.spec.jobset, {})[job.panda_id] = job

    def _part(self, job: Job) -> None:
        self._task_alive[job.spec.task_id] -= 1
        if job.spec.shares_events:
            self._jobsets[job.spec.jobset].pop(job.panda_id, None)

    def _leave(self, job: Job) -> None:
        spec, state, panda_id = job.spec, job.state, job.panda_id
        del self._at[spec.queue, state][panda_id]
        del self._users[compact(spec.user), state][panda_id]
        if spec.unmerged:
            self._pass_on((spec.task_id, spec.jobset), panda_id)
        if state is State.ACTIVATED:
            self.waiting.leave(panda_id)
        elif state in WITH_PILOT:
            self.shares.count(self.shares.leaf_of(spec), -spec.core_count)

    def _pass_on(self, group: Group, panda_id: int) -> None:
        """Take a job out of the group that waits for a merge; the last one makes it ripe."""
        self._merging.get(group, {}).pop(panda_id, None)
        others = self._unmerged.get(group, {})
        if others.pop(panda_id, None) is not None and not others:
            self.ripe.append(group)
