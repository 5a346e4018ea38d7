"""A server among pilots that are killed, repeat themselves, answer late and lie.

``Chaos`` is the state machine; ``checks`` are what it asks after each step. Bugs are planted by
``mutants`` and have to be found by it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from random import Random
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine
from hypothesis.stateful import initialize
from hypothesis.stateful import invariant
from hypothesis.stateful import precondition
from hypothesis.stateful import rule

from fakeserver import InputFile
from fakeserver import JobSpec
from fakeserver import OutputFile
from fakeserver import PandaServer
from fakeserver import Policy
from fakeserver.dispatch import JobRequest
from fakeserver.keeping import Change
from fakeserver.shares import Share
from fakeserver.states import FINAL
from fakeserver.states import State
from fakeserver.updates import STATES
from fakeserver.updates import read_update
from simkernel import Journal
from tests.fakeserver.chaos_checks import Checks
from tests.fakeserver.servers import EPOCH
from tests.fakeserver.servers import QUEUE
from tests.fakeserver.servers import Dial
from tests.fakeserver.servers import entry

OTHER = "UC_ITB"
NAMES = ("ann", "bob", "cy")
JOBS_MAX = 20
STEPS = 50
SHARES = (Share("Production", 70, label="managed"), Share("Analysis", 30, label="user"))
KINDS = (
    "plain",
    "retried",
    "analysis",
    "analysis",
    "clone",
    "storeonce",
    "event",
    "jumbo",
    "unmerged",
    "moved",
)
WHO = st.integers(0, 2)
SELDOM = st.sampled_from([False, False, False, True])
LABELS = st.sampled_from(["unified", "unified", "managed", "user"])
PICK = st.integers(0, 63)
CODES = ("", "2", "9", "50", "51", "99")


@dataclass
class Pilot:
    """One pilot as it sees itself: the jobs that it was given, the ranges, all that it said."""

    name: str
    jobs: list[int] = field(default_factory=list)
    ranges: list[str] = field(default_factory=list)
    said: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Tally:
    """How much was driven."""

    examples: int = 0
    whole: int = 0
    steps: int = 0
    ended: dict[str, int] = field(default_factory=dict)


TALLY = Tally()


def report_of(job: JobSpec, *, lie: bool) -> str:
    """Return a final report of *job*; a lie names a file that the job does not have."""
    names = [each.lfn for each in job.products]
    if lie:
        names = [*names[1:], "stranger.root"]
    return json.dumps({name: entry() for name in names})


class Chaos(RuleBasedStateMachine):
    """Pilots, users and time, against one server that is restarted now and then."""

    def __init__(self) -> None:
        super().__init__()
        self.dial = Dial()
        self.pilots = [Pilot(name) for name in NAMES]
        self.kept: dict[tuple[str, str], Any] = {}
        self.policy = Policy()
        self.shared = False
        self.steps = 0
        self.checks = Checks(self)
        self.server = self.new_server()

    def new_server(self) -> PandaServer:
        """Return an empty server with the policy of this run."""
        journal = Journal(lambda: self.dial.now - EPOCH)
        server = PandaServer(self.dial.read, journal, rng=Random("1/server"), policy=self.policy)
        server.queues = {QUEUE: {"status": "online"}, OTHER: {"status": "online"}}
        if self.shared:
            server.define_shares(SHARES)
        journal.listen(self.checks.hear)
        server.keep()
        return server

    @initialize(
        delay_s=st.sampled_from([0.0, 300.0]),
        quota=st.sampled_from([None, 2]),
        shared=st.booleans(),
        queued_s=st.sampled_from([None, 86400.0]),
    )
    def begin(
        self, delay_s: float, quota: int | None, shared: bool, queued_s: float | None
    ) -> None:
        """Choose the manners of the server."""
        self.policy = Policy(adder_delay_s=delay_s, queued_limit_s=queued_s)
        self.shared = shared
        self.server = self.new_server()
        self.server.people.add_user("/DC=sim/CN=Ann", quota_jobs=quota)
        self.quota = quota

    @rule(
        kinds=st.lists(st.sampled_from(KINDS), min_size=1, max_size=4),
        other=SELDOM,
        priority=st.sampled_from([900, 1000]),
    )
    @precondition(lambda self: len(self.server.jobs) < JOBS_MAX)
    def define(self, kinds: list[str], other: bool, priority: int) -> None:
        """Submit jobs, and families of jobs that belong together."""
        queue = OTHER if other else QUEUE
        for kind in kinds:
            for spec in family(kind, self.server.new_id(), queue=queue):
                self.server.admit(replace(spec, priority=priority), now=self.dial.now)

    @rule(who=WHO, other=SELDOM, label=LABELS, lost=SELDOM, count=st.sampled_from([1, 1, 3]))
    @precondition(lambda self: self.server.jobs)
    def ask(self, who: int, other: bool, label: str, lost: bool, count: int) -> None:
        """Ask for jobs; the answer may get lost."""
        pilot = self.pilots[who]
        request = JobRequest(OTHER if other else QUEUE, label, element=QUEUE, node="wn")
        records = self.server.dispatch(request, who=pilot.name, now=self.dial.now, count=count)
        if not lost:
            pilot.jobs += [int(record["PandaID"]) for record in records]

    @rule(who=WHO, pick=PICK, state=st.sampled_from(STATES), lie=SELDOM, lost=SELDOM)
    @precondition(lambda self: self.busy())
    def say(self, who: int, pick: int, state: str, lie: bool, lost: bool) -> None:
        """Send an update of a job that the pilot has; it may never arrive."""
        pilot = self.busy()[who % len(self.busy())]
        panda_id = pilot.jobs[pick % len(pilot.jobs)]
        spec = self.server.jobs[panda_id].spec
        values = {"jobId": panda_id, "state": state, "attemptNr": spec.attempt}
        if state in ("finished", "failed"):
            values["xml"] = report_of(spec, lie=lie)
        if state == "failed":
            values["pilotErrorCode"] = -1099 if lie else 1099
        pilot.said.append(values)
        if not lost:
            self.send(values, pilot.name)

    def busy(self) -> list[Pilot]:
        """Return the pilots that have jobs, or think so."""
        return [pilot for pilot in self.pilots if pilot.jobs]

    @rule(who=WHO)
    @precondition(lambda self: len(self.server.table.waiting))
    def work(self, who: int) -> None:
        """Fetch a job and do it, as it should be."""
        before = len(self.pilots[who].jobs)
        self.ask(who, False, "unified", False, 1)
        if len(self.pilots[who].jobs) > before:
            self.do(self.pilots[who], self.pilots[who].jobs[-1])

    @rule(who=WHO, pick=PICK)
    @precondition(lambda self: self.busy())
    def run(self, who: int, pick: int) -> None:
        """Do some job of a pilot as it should be done, but for the time it takes."""
        pilot = self.busy()[who % len(self.busy())]
        self.do(pilot, pilot.jobs[pick % len(pilot.jobs)])

    def do(self, pilot: Pilot, panda_id: int) -> None:
        """Begin a job, take ranges of events and finish them if there are any, and end it."""
        if self.server.jobs[panda_id].spec.kind == "event":
            given = self.server.acquire_ranges(panda_id, count=2, who=pilot.name, now=self.dial.now)
            entries = [{"eventRangeID": each.name, "eventStatus": "finished"} for each in given]
            pilot.ranges += [each.name for each in given]
            self.server.update_ranges(entries, who=pilot.name)
        spec = self.server.jobs[panda_id].spec
        for state in ("starting", "running", "finished"):
            values = {"jobId": panda_id, "state": state, "attemptNr": spec.attempt}
            if state == "finished":
                values["xml"] = report_of(spec, lie=False)
            pilot.said.append(values)
            self.send(values, pilot.name)

    @rule(who=WHO, pick=PICK)
    @precondition(lambda self: any(pilot.said for pilot in self.pilots))
    def repeat(self, who: int, pick: int) -> None:
        """Send something again that was said before, however long ago."""
        pilot = self.pilots[who]
        if pilot.said:
            self.send(pilot.said[-1 - pick % len(pilot.said)], pilot.name)

    @rule(
        who=WHO,
        pick=PICK,
        state=st.sampled_from(STATES),
        attempt=st.sampled_from([1, 2, None]),
        batch=st.sampled_from(["", "a", "b"]),
    )
    @precondition(lambda self: self.server.jobs)
    def lie(self, who: int, pick: int, state: str, attempt: int | None, batch: str) -> None:
        """Say something about a job that may be somebody else's, or not be there at all."""
        known = sorted(self.server.jobs)
        panda_id = known[pick % len(known)] if known else 404
        values = {
            "jobId": panda_id,
            "state": state,
            "attemptNr": attempt,
            "batchID": batch,
            "xml": "garbage" if state in ("finished", "failed") else "",
        }
        self.send(values, self.pilots[who].name)

    def send(self, values: dict[str, Any], who: str) -> None:
        """Let an update arrive."""
        self.server.update(read_update(values), who=who, now=self.dial.now)

    @rule(who=WHO, pick=PICK, count=st.integers(0, 3), lost=SELDOM)
    @precondition(lambda self: self.server.jobs)
    def take_ranges(self, who: int, pick: int, count: int, lost: bool) -> None:
        """Ask for event ranges of a job; the answer may get lost."""
        pilot = self.pilots[who]
        jobs = pilot.jobs or sorted(self.server.jobs)
        given = self.server.acquire_ranges(
            jobs[pick % len(jobs)], count=count, who=pilot.name, now=self.dial.now
        )
        if not lost:
            pilot.ranges += [each.name for each in given]

    @rule(
        who=WHO,
        pick=PICK,
        status=st.sampled_from(["finished", "finished", "failed", "fatal", "running", "nonsense"]),
        lie=SELDOM,
    )
    @precondition(lambda self: any(pilot.ranges for pilot in self.pilots))
    def tell_ranges(self, who: int, pick: int, status: str, lie: bool) -> None:
        """Say what became of a range, perhaps in another job's name."""
        pilot = self.pilots[who]
        if not pilot.ranges:
            return
        name = pilot.ranges[pick % len(pilot.ranges)]
        if lie and self.server.jobs:
            task, _, *rest = name.split("-")
            name = "-".join([task, str(sorted(self.server.jobs)[0]), *rest])
        entry_ = {"eventRangeID": name, "eventStatus": status}
        self.server.update_ranges([entry_], who=pilot.name)

    @rule(who=WHO)
    def kill_pilot(self, who: int) -> None:
        """Let a pilot vanish; another takes its slot, and knows of nothing."""
        self.pilots[who] = Pilot(f"{NAMES[who]}-{self.steps}")

    @rule(pick=PICK, code=st.sampled_from(CODES), production=st.booleans())
    @precondition(lambda self: self.server.jobs)
    def kill_job(self, pick: int, code: str, production: bool) -> None:
        """Kill a job, in some way."""
        panda_id = self.some_job(pick)
        if panda_id is not None:
            self.server.kill(panda_id, by="ann", code=code, production=production)

    @rule(pick=PICK, what=st.sampled_from(["reassign", "priority", "retry"]))
    def meddle(self, pick: int, what: str) -> None:
        """Reassign a job, change its priority, or retry it by hand."""
        panda_id = self.some_job(pick)
        if panda_id is None:
            return
        job = self.server.jobs[panda_id]
        if what == "reassign":
            self.server.reassign(panda_id)
        elif what == "priority":
            self.server.set_priority(panda_id, 1000 + pick)
        elif job.state is State.FAILED and not job.retried_by and not job.spec.shares_events:
            self.server.retry(panda_id, now=self.dial.now)

    def some_job(self, pick: int) -> int | None:
        """Return the id of some job, or None if there is none."""
        known = sorted(self.server.jobs)
        return known[pick % len(known)] if known else None

    @rule(seconds=st.sampled_from([1.0, 299.0, 1801.0, 10801.0, 90000.0, 300000.0]))
    def wait(self, seconds: float) -> None:
        """Let time pass and the reaper do what is due."""
        self.dial.now += seconds
        self.server.reap(self.dial.now)

    @rule()
    def restart(self) -> None:
        """Stop the server between two requests and start another from what was kept."""
        before = self.server.snapshot()
        self.keep()
        self.server = self.new_server()
        self.server.restore(
            Change(room, key, content) for (room, key), content in self.kept.items()
        )
        self.checks.same(before, self.server.snapshot())

    def keep(self) -> None:
        """Write what changed to disk: as JSON, as text."""
        for change in self.server.changes():
            self.kept[change.room, change.key] = json.loads(json.dumps(change.content))

    @invariant()
    def all_is_well(self) -> None:
        """Ask every check."""
        self.steps += 1
        self.keep()
        self.checks.ask()

    def teardown(self) -> None:
        """Let everybody fall silent: every job that a pilot had has ended, and all adds up."""
        for _ in range(8):
            self.dial.now += 200000.0
            self.server.reap(self.dial.now)
        self.keep()
        self.checks.ask()
        waiting = (State.ACTIVATED, State.THROTTLED, State.MERGING, State.WAITING)
        for job in self.server.jobs.values():
            assert job.final or job.state in waiting
        TALLY.examples += 1
        TALLY.steps += self.steps
        TALLY.whole += self.steps >= STEPS
        for job in self.server.jobs.values():
            if job.state in FINAL:
                TALLY.ended[job.state.value] = TALLY.ended.get(job.state.value, 0) + 1


def family(kind: str, first: int, *, queue: str) -> list[JobSpec]:
    """Return the jobs that are submitted together as *kind*."""
    base = JobSpec(
        first,
        queue,
        task_id=first % 1000 + 40_000_000,
        inputs=(InputFile("in.dat", guid="1-1", size=100, adler32="f65bfee9"),),
        outputs=(OutputFile(f"{first}.out", endpoint="BNL_DATADISK"),),
        log=OutputFile(f"{first}.log.tgz", guid="2-2", endpoint="BNL_DATADISK"),
        job_pars=kind,
        user="/DC=sim/CN=Bob",
    )
    analysis = replace(base, kind="analysis", user="/DC=sim/CN=Ann", working_group="higgs")
    match kind:
        case "retried":
            return [replace(base, max_attempt=3)]
        case "analysis":
            return [replace(analysis, max_attempt=2)]
        case "clone" | "storeonce":
            mode = "runonce" if kind == "clone" else kind
            clone = replace(base, kind="clone", clone_mode=mode, jobset_id=first)
            return [replace(clone, panda_id=first + n) for n in range(3)]
        case "event" | "jumbo":
            made = replace(base, kind="event", event_ranges=4, jobset_id=first, max_attempt=3)
            jumbo = replace(made, panda_id=first + 1, jobset_id=first + 1, jumbo=True)
            return [made, replace(jumbo, event_ranges=1)] if kind == "jumbo" else [made]
        case "unmerged":
            piece = replace(base, unmerged=True, jobset_id=first)
            return [
                replace(piece, panda_id=first + n, outputs=(OutputFile(f"{first + n}.part"),))
                for n in range(2)
            ]
        case "moved":
            return [replace(base, transfer_s=600.0, core_count=8)]
    return [base]
