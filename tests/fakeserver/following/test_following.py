"""What follows the end of a job: attempts, merges, consumers."""

from __future__ import annotations

from typing import Any

import pytest

from fakeserver import OutputFile
from fakeserver import State
from tests.fakeserver.servers import Bench
from tests.fakeserver.servers import report
from tests.fakeserver.servers import spec


def end(bench: Bench, panda_id: int, how: str, **fields: Any) -> None:
    """Run the next job, which has to be *panda_id*, to some end."""
    job = bench.job(panda_id)
    assert panda_id == bench.get(label="unified")
    bench.say(panda_id, "running", attemptNr=job.attempt)
    names = [each.lfn for each in job.spec.products]
    report_ = report(panda_id, *names)
    bench.say(panda_id, how, attemptNr=job.attempt, xml=report_, **fields)


def follower(bench: Bench, panda_id: int) -> int:
    """Return the job that followed."""
    (event,) = [each for each in bench.of("job.followed") if each["job"] == panda_id]
    return int(event["next"])


def test_a_job_that_failed_is_tried_again_as_a_new_one(bench: Bench) -> None:
    bench.server.define_job(spec(1, max_attempt=2))
    end(bench, 1, "failed")
    second = bench.job(follower(bench, 1))
    assert (2, 1, State.ACTIVATED) == (second.attempt, second.spec.parent, second.state)
    assert (
        f"retrying as attempt 2. new PandaID={second.panda_id}"
        == (bench.job(1).fields["taskBufferErrorDiag"])
    )
    assert bench.job(1).spec.log is not None
    assert second.spec.log is not None
    assert second.spec.log.guid != "2-2"
    end(bench, second.panda_id, "failed")
    assert 1 == len(bench.of("job.followed"))


@pytest.mark.parametrize(
    ("changes", "how"),
    [
        ({}, "failed"),
        ({"max_attempt": 1}, "failed"),
        ({"max_attempt": 3}, "finished"),
    ],
)
def test_a_job_is_not_tried_again(bench: Bench, changes: dict[str, Any], how: str) -> None:
    bench.server.define_job(spec(1, **changes))
    end(bench, 1, how)
    assert [] == bench.of("job.followed")


def test_a_killed_job_is_not_tried_again(bench: Bench) -> None:
    bench.server.define_job(spec(1, max_attempt=3))
    bench.run(1)
    bench.server.kill(1)
    bench.say(1, "failed")
    assert ("cancelled", []) == (bench.job(1).state, bench.of("job.followed"))


def test_a_lost_job_is_tried_again(bench: Bench) -> None:
    bench.server.define_job(spec(1, max_attempt=2))
    bench.run(1)
    bench.dial.now += 10800.0
    bench.server.reap(bench.dial.now)
    assert State.ACTIVATED is bench.job(follower(bench, 1)).state


def test_a_pilot_asks_for_another_attempt_by_a_negative_code_and_pays(bench: Bench) -> None:
    bench.server.define_job(spec(1, kind="analysis", max_attempt=2))
    end(bench, 1, "failed", pilotErrorCode=-1099)
    assert 107 == bench.job(1).fields["taskBufferErrorCode"]
    assert 990 == bench.job(follower(bench, 1)).spec.priority


def pieces(bench: Bench, **changes: Any) -> None:
    """Define two jobs whose outputs are to be merged."""
    for panda_id in (1, 2):
        out = (OutputFile(f"part.{panda_id}", endpoint="BNL_DATADISK"),)
        bench.server.define_job(spec(panda_id, unmerged=True, jobset_id=7, outputs=out, **changes))


def test_outputs_are_merged_when_the_last_of_the_group_is_done(bench: Bench) -> None:
    pieces(bench)
    end(bench, 1, "finished")
    assert (State.MERGING, []) == (bench.job(1).state, bench.of("job.followed"))
    end(bench, 2, "finished")
    merge = bench.job(follower(bench, 1))
    assert merge.panda_id == follower(bench, 2)
    assert ("merge", "pmerge", (1, 2)) == (
        merge.spec.kind,
        merge.spec.processing,
        merge.spec.merges,
    )
    assert [("part.1", 500), ("part.2", 500)] == [
        (each.lfn, each.size) for each in merge.spec.inputs
    ]
    end(bench, merge.panda_id, "finished")
    assert ["finished"] * 3 == [job.state.value for job in bench.server.jobs.values()]


def test_a_group_is_merged_without_the_job_that_failed(bench: Bench) -> None:
    pieces(bench)
    end(bench, 1, "finished")
    end(bench, 2, "failed")
    assert (1,) == bench.job(follower(bench, 1)).spec.merges


def test_a_merge_is_tried_again_and_when_it_cannot_be_its_jobs_fail(bench: Bench) -> None:
    pieces(bench)
    end(bench, 1, "finished")
    end(bench, 2, "finished")
    merge = follower(bench, 1)
    for _ in range(2):
        end(bench, merge, "failed")
        assert State.MERGING is bench.job(1).state
        merge = follower(bench, merge)
    end(bench, merge, "failed")
    assert (State.FAILED, 113) == (bench.job(1).state, bench.job(1).fields["taskBufferErrorCode"])


def test_killing_the_merge_fails_what_it_merges(bench: Bench) -> None:
    pieces(bench)
    end(bench, 1, "finished")
    end(bench, 2, "finished")
    bench.server.kill(follower(bench, 1))
    assert [State.FAILED] * 2 == [bench.job(1).state, bench.job(2).state]


def test_outputs_that_go_elsewhere_take_their_time(bench: Bench) -> None:
    bench.server.define_job(spec(1, transfer_s=600.0))
    end(bench, 1, "finished")
    assert State.TRANSFERRING is bench.job(1).state
    assert bench.dial.now + 600.0 == bench.server.next_deadline(bench.dial.now)
    bench.dial.now += 600.0
    bench.server.reap(bench.dial.now)
    assert ["assigned", "activated", "sent", "running", "holding", "transferring", "finished"] == (
        bench.path(1)
    )


def consumer(bench: Bench, **changes: Any) -> None:
    """Define a consumer of four ranges that is looked after."""
    how = {"kind": "event", "event_ranges": 4, "jobset_id": 7, "max_attempt": 3}
    bench.server.define_job(spec(1, **(how | changes)))


def consume(bench: Bench, panda_id: int, *, count: int, good: int) -> None:
    """Run a consumer that takes *count* ranges, finishes *good* of them, and ends."""
    job = bench.job(panda_id)
    assert panda_id == bench.get()
    bench.say(panda_id, "running", attemptNr=job.attempt)
    given = bench.server.acquire_ranges(panda_id, count=count, who="pilot-1", now=bench.dial.now)
    told = [{"eventRangeID": each.name, "eventStatus": "finished"} for each in given[:good]]
    bench.server.update_ranges(told, who="pilot-1")
    log = job.spec.log.lfn if job.spec.log else ""
    bench.say(panda_id, "finished", attemptNr=job.attempt, xml=report(panda_id, log))


def test_what_a_consumer_left_is_for_another_and_all_is_merged_in_the_end(bench: Bench) -> None:
    consumer(bench)
    consume(bench, 1, count=3, good=2)
    second = follower(bench, 1)
    assert (2, 7, 111) == (
        bench.job(second).attempt,
        bench.job(second).spec.jobset,
        bench.job(1).fields["taskBufferErrorCode"],
    )
    consume(bench, second, count=9, good=9)
    merge = bench.job(follower(bench, second))
    assert "True" == merge.spec.extras["eventServiceMerge"]
    assert 4 == len(merge.spec.inputs)
    assert ["done"] * 4 == [each.status for each in bench.server.ranges.of(7)]
    end(bench, merge.panda_id, "finished")
    assert ["merged"] * 4 == [each.status for each in bench.server.ranges.of(7)]


def test_a_consumer_in_its_last_attempt_has_no_successor(bench: Bench) -> None:
    consumer(bench, max_attempt=1)
    consume(bench, 1, count=1, good=1)
    assert [] == bench.of("job.followed")
    assert 118 == bench.job(1).fields["taskBufferErrorCode"]


def test_nobody_looks_after_a_consumer_that_is_nobodys_task(bench: Bench) -> None:
    consumer(bench, max_attempt=0)
    consume(bench, 1, count=4, good=4)
    assert [] == bench.of("job.followed")
    assert ["finished"] * 4 == [each.status for each in bench.server.ranges.of(7)]


def test_events_that_all_failed_are_not_merged(bench: Bench) -> None:
    consumer(bench, event_ranges=1)
    bench.run(1)
    (given,) = bench.server.acquire_ranges(1, count=1, who="p", now=bench.dial.now)
    fatal = {"eventRangeID": given.name, "eventStatus": "fatal"}
    bench.server.update_ranges([fatal], who="p")
    bench.say(1, "finished", xml=report(1, "1.log.tgz"))
    assert ([], 119) == (bench.of("job.followed"), bench.job(1).fields["taskBufferErrorCode"])


def test_a_lost_range_is_ready_again_with_one_attempt_fewer(bench: Bench) -> None:
    consumer(bench, event_ranges=1)
    bench.run(1)
    bench.server.acquire_ranges(1, count=1, who="p", now=bench.dial.now)
    bench.dial.now += 10800.0
    bench.server.reap(bench.dial.now)
    (each,) = bench.server.ranges.of(7)
    assert ("ready", 9, 0) == (each.status, each.attempt, each.owner)
    assert State.ACTIVATED is bench.job(follower(bench, 1)).state


def test_a_jumbo_job_takes_ranges_of_its_whole_task(bench: Bench) -> None:
    consumer(bench)
    bench.server.define_job(
        spec(2, kind="event", event_ranges=1, jobset_id=8, jumbo=True, priority=2000)
    )
    bench.run(2)
    given = bench.server.acquire_ranges(2, count=5, who="p", now=bench.dial.now)
    assert [7, 7, 7, 7, 8] == sorted(each.jobset for each in given)
    # The consumer of the same task is not closed for that: a jumbo job may yet be lost.
    assert State.ACTIVATED is bench.job(1).state
    bench.say(2, "failed")
    assert 4 == len(bench.server.ranges.ready(7))
