"""Dispatch."""

from __future__ import annotations

import pytest

from fakeserver import State
from fakeserver.dispatch import JobRequest
from fakeserver.dispatch import label_fits
from tests.fakeserver.servers import QUEUE
from tests.fakeserver.servers import Bench
from tests.fakeserver.servers import spec


@pytest.mark.parametrize(
    ("asked", "label", "expected"),
    [
        ("managed", "managed", True),
        ("managed", "test", True),
        ("managed", "user", False),
        ("", "install", True),
        ("user", "panda", True),
        ("user", "managed", False),
        ("unified", "user", True),
        ("unified", "ptest", False),
        ("ptest", "ptest", True),
        ("ptest", "managed", False),
        ("test", "prod_test", True),
        ("test", "managed", False),
    ],
)
def test_which_labels_a_pilot_may_run(asked: str, label: str, expected: bool) -> None:
    assert expected is label_fits(spec(1, label=label), asked, element=QUEUE)


def test_a_pilot_for_tests_also_gets_gangarobot_jobs_but_only_at_a_computing_element() -> None:
    job = spec(1, processing_type="gangarobot")
    assert (True, False) == (
        label_fits(job, "test", element=QUEUE),
        label_fits(job, "test", element=""),
    )


def test_the_highest_priority_goes_first_then_the_lowest_id(bench: Bench) -> None:
    for panda_id, priority in ((1, 5), (2, 9), (3, 9)):
        bench.server.define_job(spec(panda_id, priority=priority))
    assert [2, 3, 1, None] == [bench.get() for _ in range(4)]


def test_a_job_of_another_queue_waits(bench: Bench) -> None:
    bench.server.define_job(spec(1, queue="UC_ITB"))
    assert bench.get() is None


@pytest.mark.parametrize("state", [State.DEFINED, State.ASSIGNED, State.WAITING, State.THROTTLED])
def test_a_job_that_is_not_activated_waits_until_it_is(bench: Bench, state: State) -> None:
    bench.server.define_job(spec(1), state=state)
    assert bench.get() is None
    bench.server.activate(1)
    assert 1 == bench.get()


def test_a_dispatched_job_is_sent_even_if_the_pilot_never_hears_of_it(bench: Bench) -> None:
    bench.server.define_job(spec(1))
    bench.server.define_job(spec(2))
    assert (1, 2, None) == (bench.get(), bench.get(), bench.get())
    assert [(1, "pilot-1", 1), (2, "pilot-1", 1)] == [
        (event["job"], event["pilot"], event["attempt"]) for event in bench.of("job.dispatched")
    ]
    assert State.SENT is bench.job(1).state


def test_the_state_of_a_dispatched_job_was_changed_by_its_pilot(bench: Bench) -> None:
    bench.server.define_job(spec(1))
    bench.get(who="pilot-7")
    last = bench.of("job.state")[-1]
    assert ("activated", "sent", "pilot-7") == (last["old"], last["new"], last["by"])


@pytest.mark.parametrize(
    ("changes", "request_changes", "expected"),
    [
        ({"min_ram_count": 2000}, {"memory": 1999}, False),
        ({"min_ram_count": 2000}, {"memory": 2000}, True),
        ({"min_ram_count": 2000}, {}, True),
        ({"max_disk_count": 10}, {"disk": 9}, False),
        ({"max_walltime": 3600}, {"remaining_time": 3599}, False),
        ({"resource_type": "MCORE"}, {"resource_type": "SCORE"}, False),
        ({"task_id": 5}, {"task": "5"}, True),
        ({"task_id": 5}, {"task": "6"}, False),
        ({"task_id": 5}, {"task": "NULL"}, True),
        ({"user": "/DC=x/CN=Ann/CN=proxy"}, {"user": "/DC=y/CN=Ann/CN=123"}, True),
        ({"user": "/DC=x/CN=Ann"}, {"user": "/DC=x/CN=Bob"}, False),
    ],
)
def test_demands(
    bench: Bench, changes: dict[str, object], request_changes: dict[str, object], expected: bool
) -> None:
    bench.server.define_job(spec(1, **changes))
    request = JobRequest(QUEUE, "managed", **request_changes)  # type: ignore[arg-type]
    assert expected is bool(bench.server.dispatch(request, who="pilot-1", now=bench.dial.now))


def test_at_a_queue_in_test_most_pilots_get_tests(bench: Bench) -> None:
    bench.server.queues[QUEUE] = {"status": "test"}
    bench.server.define_job(spec(1))
    bench.server.define_job(spec(2, kind="itb"))
    assert (2, None) == (bench.get(), bench.get())


def test_at_a_queue_in_test_a_ptest_pilot_gets_what_it_asks_for(bench: Bench) -> None:
    bench.server.queues[QUEUE] = {"status": "test"}
    bench.server.define_job(spec(1, label="ptest"))
    assert 1 == bench.get(label="ptest")


def test_several_jobs_at_once(bench: Bench) -> None:
    for panda_id in (1, 2, 3):
        bench.server.define_job(spec(panda_id))
    records = bench.server.dispatch(
        JobRequest(QUEUE, "managed"), who="pilot-1", now=bench.dial.now, count=2
    )
    assert [1, 2] == [record["PandaID"] for record in records]
    assert [1, 2] == [record["nSent"] for record in records]


def test_nsent_counts_production_jobs_of_the_last_minute(bench: Bench) -> None:
    for panda_id in (1, 2):
        bench.server.define_job(spec(panda_id))
    bench.get()
    bench.dial.now += 60.0
    (record,) = bench.server.dispatch(
        JobRequest(QUEUE, "managed"), who="pilot-1", now=bench.dial.now
    )
    assert 1 == record["nSent"]


def test_nsent_is_zero_for_analysis(bench: Bench) -> None:
    bench.server.define_job(spec(1, kind="analysis"))
    (record,) = bench.server.dispatch(JobRequest(QUEUE, "user"), who="pilot-1", now=bench.dial.now)
    assert 0 == record["nSent"]
