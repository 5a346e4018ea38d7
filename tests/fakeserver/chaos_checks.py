"""What must hold on the server whatever pilots do; one method one promise."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from fakeserver.identity import compact
from fakeserver.jobs import Job
from fakeserver.states import FINAL
from fakeserver.states import QUEUED
from fakeserver.states import TRANSITIONS
from fakeserver.states import WITH_PILOT
from fakeserver.states import State
from simkernel import Event

if TYPE_CHECKING:
    from tests.fakeserver.chaos import Chaos


class Checks:
    """Promises of one server over its whole life, restarts included."""

    def __init__(self, chaos: Chaos) -> None:
        self.chaos = chaos
        self.state: dict[int, str] = {}
        self.dispatched: set[tuple[int, int]] = set()
        self.files: set[tuple[int, str]] = set()
        self.finished_ranges: set[str] = set()
        self.wall_s: dict[str, float] = {}
        self.spent: dict[str, int] = {}
        self.sent_at: dict[int, float] = {}

    def hear(self, event: Event) -> None:
        """Check an event against all that were before."""
        match event.what:
            case "job.defined":
                assert event["job"] not in self.state, "a job was defined twice"
                self.state[event["job"]] = "defined"
            case "job.state":
                self.changed(event)
            case "job.dispatched":
                key = (event["job"], event["attempt"])
                assert key not in self.dispatched, "a job was handed out twice"
                self.dispatched.add(key)
                self.sent_at[event["job"]] = self.chaos.dial.now
            case "job.followed" if event["why"] == "merge":
                self.merged_in_time(event["job"])
            case "file.registered":
                key_ = (event["job"], event["lfn"])
                assert key_ not in self.files, "a file was registered twice"
                self.files.add(key_)
            case "event.range_done" if event["state"] == "finished":
                task, _, file, process, _ = event["range"].split("-")
                jobset = self.chaos.server.ranges.find(event["range"]).jobset
                name = f"{jobset}:{task}-{file}-{process}"
                assert name not in self.finished_ranges, "a range was finished twice"
                self.finished_ranges.add(name)

    def merged_in_time(self, panda_id: int) -> None:
        """Check that nobody of the group is still on the way when its outputs are merged."""
        jobs = self.chaos.server.jobs
        for other in jobs.values():
            same = other.spec.jobset == jobs[panda_id].spec.jobset and other.spec.unmerged
            assert not same or other.final or other.state is State.MERGING, "merged too early"

    def changed(self, event: Event) -> None:
        """Check that a change is legal, follows the one before, and that nothing ends twice."""
        panda_id, old, new = event["job"], event["old"], event["new"]
        assert self.state[panda_id] == old, "a change does not follow the one before"
        assert old not in FINAL, "a job that had ended went on"
        assert (State(old), State(new)) in TRANSITIONS
        self.state[panda_id] = new
        if new in FINAL and panda_id in self.sent_at:
            job = self.chaos.server.jobs[panda_id]
            user = compact(job.spec.user)
            wall_s = self.chaos.dial.now - self.sent_at[panda_id]
            self.wall_s[user] = self.wall_s.get(user, 0.0) + wall_s
            self.spent[user] = self.spent.get(user, 0) + 1

    def same(self, before: dict[str, Any], after: dict[str, Any]) -> None:
        """Check that a restart lost nothing."""
        assert before == after, "a restart changed something"

    def ask(self) -> None:
        """Check all that is to be seen at any time."""
        self.no_job_is_lost()
        self.nothing_is_forgotten()
        self.nothing_runs_twice_but_clones()
        self.clones_have_one_winner()
        self.ranges_belong_to_somebody()
        self.accounts_add_up()
        self.quotas_are_kept()

    def no_job_is_lost(self) -> None:
        """Check that the table has every job, in the state that the journal says, in one place."""
        table = self.chaos.server.table
        assert set(self.state) == set(table.jobs), "a job was lost"
        alive = {job.panda_id for job in table.alive()}
        archived = [panda_id for jobs in table.months.values() for panda_id in jobs]
        places = [*alive, *table.recent, *archived]
        assert len(places) == len(set(places)) == len(table.jobs), "a job is in no table, or two"
        for panda_id, job in table.jobs.items():
            assert self.state[panda_id] == job.state, "table and journal differ"
            assert (panda_id in alive) is not job.final, "an ended job is among the living"
            waits = panda_id in table.waiting
            assert waits is (job.state is State.ACTIVATED), "a job waits that should not"
            if not job.final:
                assert table.at(job.spec.queue, job.state)[panda_id] is job

    def nothing_is_forgotten(self) -> None:
        """Check that every job that is with a pilot has a deadline, or waits for a merge."""
        server = self.chaos.server
        alive = [job for job in server.table.alive() if job.state not in QUEUED]
        merging = [job for job in alive if job.state is State.MERGING]
        out = [job for job in alive if job.state is not State.MERGING]
        if out:
            assert server.next_deadline(0.0) is not None, "nobody will look at a job again"
        for job in merging:
            self.waits_for_its_merge(job)

    def waits_for_its_merge(self, job: Job) -> None:
        """Check that what *job* waits for is still to come."""
        jobs = self.chaos.server.jobs
        if job.merged_by:
            assert not jobs[job.merged_by].final, "the merge is over, the job still waits"
            return
        others = [
            other
            for other in jobs.values()
            if other.spec.unmerged and other.spec.jobset == job.spec.jobset and not other.final
        ]
        assert any(other.state is not State.MERGING for other in others), "nobody will merge it"

    def nothing_runs_twice_but_clones(self) -> None:
        """Check that of one piece of work one attempt is alive, and one at most finished."""
        jobs = self.chaos.server.jobs
        alive: dict[int, int] = {}
        finished: dict[int, int] = {}
        for job in jobs.values():
            if job.spec.shares_events or job.spec.kind == "merge":
                continue
            root = job
            while root.spec.parent:
                root = jobs[root.spec.parent]
            if not job.final:
                alive[root.panda_id] = alive.get(root.panda_id, 0) + 1
            elif job.state is State.FINISHED:
                finished[root.panda_id] = finished.get(root.panda_id, 0) + 1
        for root_id in {*alive, *finished}:
            both = alive.get(root_id, 0) + finished.get(root_id, 0)
            assert both <= 1, "two attempts of one piece of work"

    def clones_have_one_winner(self) -> None:
        """Check that of the clones of a jobset one at most has finished, and it has the ranges."""
        server = self.chaos.server
        finished: dict[int, list[int]] = {}
        for job in server.jobs.values():
            if job.spec.clone_mode and job.state is State.FINISHED:
                finished.setdefault(job.spec.jobset, []).append(job.panda_id)
        for jobset, winners in finished.items():
            assert len(winners) == 1, "two clones counted"
            assert server.ranges.holder(jobset) == winners[0], "a clone counted without the ranges"

    def ranges_belong_to_somebody(self) -> None:
        """Check that a range that is out is with a job that is not over."""
        server = self.chaos.server
        for job in server.jobs.values():
            if not job.final or job.spec.clone_mode:
                continue
            for each in server.ranges.held(job.panda_id):
                assert each.status != "sent", "a range is with a job that is over"

    def accounts_add_up(self) -> None:
        """Check that users are charged for what their jobs took, once."""
        server = self.chaos.server
        assert sum(len(jobs) for jobs in server.table.months.values()) + len(
            server.table.recent
        ) + sum(1 for _ in server.table.alive()) == len(server.jobs)
        for user in {*self.spent}:
            charged = [
                used for key, used in server.people.usage.items() if key.startswith(f"user/{user}/")
            ]
            assert self.spent[user] == sum(used["jobs"] for used in charged), "jobs not charged"
            total = sum(used["wall_s"] for used in charged)
            assert abs(total - self.wall_s[user]) < 1e-3, "the accounts do not add up"

    def quotas_are_kept(self) -> None:
        """Check that nobody has more active jobs than he may, and none is throttled for nothing."""
        server, quota = self.chaos.server, getattr(self.chaos, "quota", None)
        if quota is None:
            return
        own = [job for job in server.jobs.values() if job.spec.user.endswith("/CN=Ann")]
        active = sum(job.state in (State.ACTIVATED, *WITH_PILOT) for job in own)
        assert active <= quota, "a quota was broken"
        if any(job.state is State.THROTTLED for job in own):
            assert active == quota, "a job is throttled for nothing"
