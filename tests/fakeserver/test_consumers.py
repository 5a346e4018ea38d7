"""Clones and other jobs that share events."""

from __future__ import annotations

from typing import Any

import pytest

from fakeserver import State
from tests.fakeserver.servers import Bench
from tests.fakeserver.servers import report
from tests.fakeserver.servers import spec


def clones(mode: str, *ids: int, **changes: Any) -> Bench:
    """Return a server with clones of jobset 77."""
    bench = Bench()
    for panda_id in ids:
        values = {"kind": "clone", "clone_mode": mode, "jobset_id": 77, **changes}
        bench.server.define_job(spec(panda_id, **values))
    return bench


def sent(bench: Bench, *ids: int) -> None:
    """Hand jobs to pilots of the same number."""
    for panda_id in ids:
        assert panda_id == bench.get(who=f"pilot-{panda_id}")
        bench.say(panda_id, "starting", who=f"pilot-{panda_id}")


def take(bench: Bench, panda_id: int) -> list[str]:
    """Ask for ranges and return their names."""
    given = bench.server.acquire_ranges(panda_id, count=5, who="pilot-1", now=bench.dial.now)
    return [each.name for each in given]


def states(bench: Bench) -> list[str]:
    """Return the states of all jobs."""
    return [job.state.value for job in bench.server.jobs.values()]


@pytest.mark.parametrize("mode", ["runonce", "storeonce"])
def test_the_first_clone_that_asks_gets_the_ranges_and_no_other_does(mode: str) -> None:
    bench = clones(mode, 1, 2)
    sent(bench, 1, 2)
    assert (["12345-2-1-1-10"], []) == (take(bench, 2), take(bench, 1))
    first, second = bench.of("event.ranges")
    assert (2, ["12345-2-1-1-10"], "") == (first["job"], first["ranges"], first["why"])
    assert (1, [], "clone 2 has them") == (second["job"], second["ranges"], second["why"])


def test_a_clone_that_asks_again_gets_the_same_again() -> None:
    bench = clones("runonce", 1)
    sent(bench, 1)
    assert take(bench, 1) == take(bench, 1) != []


def test_clones_that_still_wait_are_closed_when_the_ranges_are_gone() -> None:
    bench = clones("runonce", 1, 2, 3)
    sent(bench, 1)
    take(bench, 1)
    assert ["starting", "closed", "closed"] == states(bench)
    last = bench.of("job.state")[-1]
    assert ("clones", "another clone, 1, has the event ranges") == (last["by"], last["reason"])
    assert 200 == bench.job(3).fields["taskBufferErrorCode"]


def test_a_runonce_clone_takes_the_ranges_when_it_begins_to_run() -> None:
    bench = clones("runonce", 1, 2)
    sent(bench, 1, 2)
    assert "NULL" == bench.say(1, "running").command
    assert "tobekilled" == bench.say(2, "running", who="pilot-2").command
    assert ["running", "running"] == states(bench)


def test_a_runonce_clone_that_asked_before_is_not_told_to_die() -> None:
    bench = clones("runonce", 1)
    sent(bench, 1)
    take(bench, 1)
    assert "NULL" == bench.say(1, "running").command


def test_a_storeonce_clone_runs_without_ranges_and_takes_them_at_its_end() -> None:
    bench = clones("storeonce", 1, 2)
    sent(bench, 1, 2)
    assert ("NULL", "NULL") == (bench.say(1, "running").command, bench.say(2, "running").command)
    assert [] == bench.of("event.ranges")
    bench.say(2, "finished", xml=report(2))
    assert ["closed", "finished"] == states(bench)
    assert "adder" == bench.of("event.ranges")[0]["pilot"]


@pytest.mark.parametrize("mode", ["runonce", "storeonce"])
def test_when_the_clone_that_counts_finishes_the_others_are_closed(mode: str) -> None:
    bench = clones(mode, 1, 2)
    sent(bench, 1, 2)
    take(bench, 1)
    bench.say(1, "finished", xml=report(1))
    assert ["finished", "closed"] == states(bench)
    assert "another clone, 1, counts" == bench.of("job.state")[-1]["reason"]
    assert "tobekilled" == bench.say(2, "running").command


@pytest.mark.parametrize("mode", ["runonce", "storeonce"])
def test_a_clone_that_does_not_count_is_closed_when_it_says_finished(mode: str) -> None:
    bench = clones(mode, 1, 2)
    sent(bench, 1, 2)
    take(bench, 1)
    bench.say(2, "finished", xml=report(2))
    assert ["starting", "closed"] == states(bench)
    assert "failed to lock semaphore for job cloning" == bench.job(2).fields["ddmErrorDiag"]
    assert [] == bench.of("file.registered")


def test_the_last_clone_without_ranges_keeps_the_state_in_which_it_ended() -> None:
    bench = clones("runonce", 1)
    sent(bench, 1)
    bench.say(1, "failed", xml=report(1, "1.log.tgz"), pilotErrorCode=1099)
    assert ["failed"] == states(bench)


def test_the_last_clone_is_the_one_whose_like_have_ended() -> None:
    bench = clones("runonce", 1, 2)
    sent(bench, 1, 2)
    for panda_id in (1, 2):
        xml = report(panda_id, f"{panda_id}.log.tgz")
        bench.say(panda_id, "failed", xml=xml, pilotErrorCode=1099)
    assert ["closed", "failed"] == states(bench)


def test_a_clone_that_fails_without_ranges_leaves_the_work_to_another() -> None:
    bench = clones("runonce", 1, 2)
    sent(bench, 1)
    bench.say(1, "failed", xml=report(1, "1.log.tgz"), pilotErrorCode=1099)
    assert ["closed", "activated"] == states(bench)
    sent(bench, 2)
    bench.say(2, "running")
    bench.say(2, "finished", xml=report(2))
    assert ["closed", "finished"] == states(bench)


def test_a_lost_clone_without_ranges_is_closed_while_another_is_there() -> None:
    bench = clones("storeonce", 1, 2)
    sent(bench, 1)
    bench.dial.now += 10800
    bench.server.reap(bench.dial.now)
    assert ["closed", "activated"] == states(bench)
    assert [1] == [event["job"] for event in bench.of("job.lost")]


def test_when_the_clone_that_counts_is_lost_the_others_end_with_it() -> None:
    bench = clones("runonce", 1, 2)
    sent(bench, 1, 2)
    take(bench, 1)
    bench.dial.now += 10800
    assert [1] == bench.server.reap(bench.dial.now)
    assert ["failed", "closed"] == states(bench)


def test_jobs_of_the_event_service_share_the_ranges_of_a_jobset() -> None:
    bench = Bench()
    for panda_id in (1, 2, 3):
        bench.server.define_job(spec(panda_id, kind="event", event_ranges=7, jobset_id=77))
    sent(bench, 1, 2)
    assert (5, 2, 0) == (len(take(bench, 1)), len(take(bench, 2)), len(take(bench, 1)))
    assert "no more ranges" == bench.of("event.ranges")[-1]["why"]
    assert ["starting", "starting", "closed"] == states(bench)
    assert "other jobs took all event ranges" == bench.of("job.state")[-1]["reason"]
    assert 116 == bench.job(3).fields["taskBufferErrorCode"]


def test_what_a_job_of_the_event_service_leaves_undone_is_ready_again() -> None:
    bench = Bench()
    bench.server.define_job(spec(1, kind="event", event_ranges=3, jobset_id=77))
    sent(bench, 1)
    first, second, third = take(bench, 1)
    said = [
        {"eventRangeID": first, "eventStatus": "finished"},
        {"eventRangeID": second, "eventStatus": "fatal"},
    ]
    bench.server.update_ranges(said, who="pilot-1")
    bench.say(1, "failed", xml=report(1, "1.log.tgz"), pilotErrorCode=1)
    assert ["12345-0-1-3-9"] == [each.name for each in bench.server.ranges.ready(77)]
    assert "12345-1-1-3-10" == third


def test_a_killed_job_of_the_event_service_is_cancelled_at_once() -> None:
    bench = Bench()
    bench.server.define_job(spec(1, kind="event", event_ranges=3))
    sent(bench, 1)
    bench.say(1, "running")
    take(bench, 1)
    bench.server.kill(1)
    assert (["cancelled"], 3) == (states(bench), len(bench.server.ranges.ready(1)))


@pytest.mark.parametrize(
    ("prepare", "why"),
    [
        (lambda bench: None, "the job is activated"),
        (lambda bench: bench.run(1), "not a job of the event service"),
    ],
)
def test_why_a_job_gets_no_ranges(prepare: Any, why: str) -> None:
    bench = Bench()
    plain = why.startswith("not")
    bench.server.define_job(spec(1) if plain else spec(1, kind="event", event_ranges=1))
    prepare(bench)
    assert ([], why) == (take(bench, 1), bench.of("event.ranges")[-1]["why"])


def test_a_job_that_is_being_killed_gets_no_ranges() -> None:
    bench = clones("runonce", 1)
    sent(bench, 1)
    bench.server.set_command(1, "tobekilled")
    assert ([], "the job is being killed") == (
        take(bench, 1),
        bench.of("event.ranges")[-1]["why"],
    )


def test_an_unknown_job_gets_no_ranges(bench: Bench) -> None:
    assert ([], ["event ranges for an unknown job"]) == (take(bench, 9), bench.refusals())


def test_a_clone_has_at_least_one_range_and_is_final_only_once() -> None:
    bench = clones("runonce", 1)
    assert 1 == len(bench.server.ranges.of(77))
    assert State.ACTIVATED is bench.job(1).state
