"""Clones in any interleaving: one counts, and only one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from fakeserver import State
from tests.fakeserver.servers import Bench
from tests.fakeserver.servers import report
from tests.fakeserver.servers import spec

CLONES = 3
ACTS = ("get", "ask", "starting", "running", "finished", "failed", "silence")


def act(bench: Bench, clone: int, what: str) -> None:
    """Let the pilot of *clone* do one thing."""
    if what == "get":
        bench.get(who=f"pilot-{clone}")
    elif what == "ask":
        bench.server.acquire_ranges(clone, count=1, who=f"pilot-{clone}", now=bench.dial.now)
    elif what == "silence":
        bench.dial.now += 4000
        bench.server.reap(bench.dial.now)
    else:
        xml = report(clone) if what in ("finished", "failed") else ""
        bench.say(clone, what, who=f"pilot-{clone}", xml=xml)


def check(bench: Bench) -> None:
    """Assert what holds at any time."""
    jobs = bench.server.jobs
    finished = [panda_id for panda_id, job in jobs.items() if job.state is State.FINISHED]
    owners = {event["job"] for event in bench.of("event.ranges") if event["ranges"]}
    outputs = [event["job"] for event in bench.of("file.registered") if event["lfn"] == "out.dat"]
    assert len(finished) <= 1
    assert len(owners) <= 1
    assert finished == outputs
    assert set(finished) <= owners
    ends = [event["job"] for event in bench.of("job.state") if event["new"] == "finished"]
    assert finished == ends
    if finished:
        assert all(job.final for job in jobs.values())


@pytest.mark.parametrize("mode", ["runonce", "storeonce"])
@settings(max_examples=150, deadline=None)
@given(acts=st.lists(st.tuples(st.integers(1, CLONES), st.sampled_from(ACTS)), max_size=25))
def test_of_clones_one_counts_whatever_they_do(mode: str, acts: list[tuple[int, str]]) -> None:
    bench = Bench()
    for panda_id in range(1, CLONES + 1):
        bench.server.define_job(spec(panda_id, kind="clone", clone_mode=mode, jobset_id=77))
    for clone, what in acts:
        act(bench, clone, what)
        check(bench)
    bench.dial.now += 1e6
    bench.server.reap(bench.dial.now)
    check(bench)
    assert {job.state for job in bench.server.jobs.values() if not job.final} <= {State.ACTIVATED}


@pytest.mark.parametrize("mode", ["runonce", "storeonce"])
@given(order=st.permutations([1, 2, 3]))
def test_the_first_of_three_that_all_finish_counts(mode: str, order: list[int]) -> None:
    bench = Bench()
    for panda_id in (1, 2, 3):
        bench.server.define_job(spec(panda_id, kind="clone", clone_mode=mode, jobset_id=77))
    for panda_id in (1, 2, 3):
        act(bench, panda_id, "get")
    for what in ("running", "finished"):
        for panda_id in order:
            act(bench, panda_id, what)
    check(bench)
    assert State.FINISHED is bench.job(order[0]).state
    assert {State.CLOSED} == {bench.job(panda_id).state for panda_id in order[1:]}
