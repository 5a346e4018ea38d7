"""Whatever pilots do, in whatever order: no job is lost, none ends twice."""

from __future__ import annotations

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine
from hypothesis.stateful import invariant
from hypothesis.stateful import precondition
from hypothesis.stateful import rule

from fakeserver import Policy
from fakeserver.states import FINAL
from fakeserver.states import QUEUED
from fakeserver.states import TRANSITIONS
from fakeserver.states import State
from fakeserver.updates import STATES
from tests.fakeserver.servers import Bench
from tests.fakeserver.servers import report
from tests.fakeserver.servers import spec

IDS = st.integers(1, 4)
PILOTS = st.sampled_from(["pilot-1", "pilot-2"])


class Life(RuleBasedStateMachine):
    """Pilots that ask, report, repeat themselves, fall silent and come back."""

    def __init__(self) -> None:
        super().__init__()
        self.bench = Bench()
        self.ended: dict[int, State] = {}
        self.last: dict[str, Any] | None = None

    @rule(delay_s=st.sampled_from([0.0, 300.0]))
    @precondition(lambda self: not self.bench.server.jobs)
    def choose_adder(self, delay_s: float) -> None:
        """Begin anew, with an adder of some speed."""
        self.bench = Bench(Policy(adder_delay_s=delay_s))

    @rule(panda_id=IDS)
    def define(self, panda_id: int) -> None:
        """Define a job."""
        if panda_id not in self.bench.server.jobs:
            self.bench.server.define_job(spec(panda_id))

    @rule(who=PILOTS)
    def get(self, who: str) -> None:
        """Ask for a job; the answer may be lost, nobody looks at it."""
        self.bench.get(who=who)

    @rule(
        panda_id=IDS,
        state=st.sampled_from([*STATES, "sent"]),
        attempt=st.sampled_from([1, 1, 1, 2, None]),
        good=st.booleans(),
        batch=st.sampled_from(["", "a", "b"]),
        who=PILOTS,
    )
    def say(self, panda_id: int, who: str, state: str, **how: Any) -> None:
        """Send an update, sensible or not."""
        if state == "sent":
            return
        xml = report(panda_id) if how["good"] else "garbage"
        self.last = {
            "panda_id": panda_id,
            "state": state,
            "who": who,
            "attemptNr": how["attempt"],
            "batchID": how["batch"],
            "xml": xml if state in ("finished", "failed") else "",
        }
        self.bench.say(**self.last)

    @rule()
    @precondition(lambda self: self.last is not None)
    def repeat(self) -> None:
        """Send the last update again, its answer having been lost."""
        assert self.last is not None
        self.bench.say(**self.last)

    @rule(seconds=st.sampled_from([1.0, 299.0, 1799.0, 1801.0, 10799.0, 10801.0]))
    def wait(self, seconds: float) -> None:
        """Let time pass and the reaper do what is due."""
        self.bench.dial.now += seconds
        self.bench.server.reap(self.bench.dial.now)

    @rule(panda_id=IDS)
    def kill(self, panda_id: int) -> None:
        """Kill a job."""
        if panda_id in self.bench.server.jobs:
            self.bench.server.kill(panda_id)

    @invariant()
    def a_job_that_ended_stays_as_it_is(self) -> None:
        """Compare with what was seen before."""
        for panda_id, state in self.ended.items():
            assert state is self.bench.job(panda_id).state
        for panda_id, job in self.bench.server.jobs.items():
            if job.final:
                self.ended[panda_id] = job.state

    @invariant()
    def every_change_is_in_the_table_and_follows_the_one_before(self) -> None:
        """Read the journal."""
        now: dict[int, str] = {}
        for event in self.bench.of("job.state"):
            assert now.get(event["job"], "defined") == event["old"]
            assert (event["old"], event["new"]) in TRANSITIONS
            assert event["old"] not in FINAL
            now[event["job"]] = event["new"]
        for panda_id, job in self.bench.server.jobs.items():
            assert now[panda_id] == job.state

    @invariant()
    def no_job_is_handed_out_twice(self) -> None:
        """Count dispatches."""
        given = [event["job"] for event in self.bench.of("job.dispatched")]
        assert len(set(given)) == len(given)

    @invariant()
    def files_are_registered_once_and_only_by_the_adder(self) -> None:
        """Compare with the state that the job ended in."""
        files = [(event["job"], event["lfn"]) for event in self.bench.of("file.registered")]
        assert len(set(files)) == len(files)
        for panda_id, lfn in files:
            job = self.bench.job(panda_id)
            wanted = job.state is State.FINISHED or lfn.endswith(".log.tgz")
            assert job.report is not None
            assert wanted

    @invariant()
    def nothing_is_forgotten(self) -> None:
        """See that every job waits, has a deadline or has ended."""
        alive = [job for job in self.bench.server.jobs.values() if not job.final]
        out = [job for job in alive if job.state not in QUEUED]
        deadline = self.bench.server.next_deadline(self.bench.dial.now)
        assert bool(out) is (deadline is not None)

    def teardown(self) -> None:
        """Let everybody fall silent: every job that a pilot had has ended."""
        self.bench.dial.now += 1e6
        self.bench.server.reap(self.bench.dial.now)
        states = {job.state for job in self.bench.server.jobs.values()}
        assert states <= {State.ACTIVATED, *FINAL}


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
