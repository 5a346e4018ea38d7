"""Durations, alarms, history, schedulers, health, datasets."""

from __future__ import annotations

import pytest

from fakeserver.operation import anomalies
from fakeserver.operation import counts
from fakeserver.operation import datasets
from fakeserver.operation import durations
from fakeserver.operation import health
from fakeserver.operation import processed
from fakeserver.operation import schedulers
from fakeserver.operation.alarms import WATCHES
from fakeserver.operation.durations import distribution
from tests.fakeserver.servers import QUEUE
from tests.fakeserver.servers import Bench
from tests.fakeserver.servers import report
from tests.fakeserver.servers import spec


def done(bench: Bench, panda_id: int, *, wait_s: float = 10.0, run_s: float = 100.0) -> None:
    """Let a job wait, run and finish."""
    bench.server.define_job(spec(panda_id, priority=5000))
    bench.dial.now += wait_s
    bench.get()
    bench.say(panda_id, "running")
    bench.dial.now += run_s
    bench.say(panda_id, "finished", xml=report(panda_id))


def test_how_long_jobs_take_by_kind_and_phase(bench: Bench) -> None:
    for panda_id in (1, 2, 3):
        done(bench, panda_id, wait_s=10.0 * panda_id)
    told = durations(bench.server.jobs.values())
    assert ["production"] == list(told)
    wait = told["production"]["wait"]
    assert (3, 10.0, 20.0, 30.0) == (wait["count"], wait["min"], wait["p50"], wait["max"])
    assert 100.0 == told["production"]["run"]["p90"]


def test_percentiles_are_values_that_occur() -> None:
    told = distribution([float(value) for value in range(1, 101)])
    assert (50.0, 90.0, 99.0) == (told["p50"], told["p90"], told["p99"])


def test_what_takes_far_longer_than_usual_is_out_of_the_ordinary(bench: Bench) -> None:
    for panda_id in range(1, 11):
        done(bench, panda_id)
    bench.server.define_job(spec(11))
    bench.run(11)
    bench.dial.now += 300.0
    assert [] == anomalies(bench.server.table, now=bench.dial.now)
    bench.dial.now += 1.0
    (found,) = anomalies(bench.server.table, now=bench.dial.now)
    assert (11, "run", 300.0) == (found["job"], found["phase"], found["limit_s"])


def test_an_alarm_is_raised_once_and_cleared_when_it_passes(bench: Bench) -> None:
    bench.server.define_job(spec(1))
    bench.dial.now += 3601.0
    assert ["raised"] == [each["state"] for each in bench.server.alarms.look(bench.dial.now)]
    assert [] == bench.server.alarms.look(bench.dial.now)
    assert [QUEUE] == [each["about"] for each in bench.server.alarms.present()]
    bench.get()
    assert ["cleared"] == [each["state"] for each in bench.server.alarms.look(bench.dial.now)]
    assert [] == bench.server.alarms.present()
    assert ["raised", "cleared"] == [event["state"] for event in bench.of("server.alarm")]


def test_an_alarm_that_somebody_knows_of_says_so_and_does_not_come_again(bench: Bench) -> None:
    bench.server.define_job(spec(1))
    bench.dial.now += 3601.0
    bench.server.alarms.look(bench.dial.now)
    (alarm,) = bench.server.alarms.present()
    assert bench.server.alarms.acknowledge(alarm["key"], by="ann")
    assert not bench.server.alarms.acknowledge(alarm["key"], by="ann")
    assert [] == bench.server.alarms.look(bench.dial.now)


def test_an_alarm_by_hand_is_cleared_by_hand(bench: Bench) -> None:
    bench.server.alarms.register("power", "the lights are out", by="ann", now=bench.dial.now)
    bench.server.alarms.look(bench.dial.now)
    assert ["power"] == [each["about"] for each in bench.server.alarms.present()]
    assert bench.server.alarms.clear("hand/power", now=bench.dial.now)
    assert not bench.server.alarms.clear("hand/power", now=bench.dial.now)
    assert [] == bench.server.alarms.present()


def _many_failures(bench: Bench) -> None:
    for panda_id in range(1, 11):
        bench.server.define_job(spec(panda_id))
        bench.run(panda_id)
        bench.say(panda_id, "failed")


def _silent(bench: Bench) -> None:
    bench.server.harvesters.alive("h", by="", data=None, now=bench.dial.now)
    bench.dial.now += 3601.0


def _slow(bench: Bench) -> None:
    for panda_id in range(1, 11):
        done(bench, panda_id)
    bench.server.define_job(spec(11))
    bench.run(11)
    bench.dial.now += 301.0


def _no_pilots(bench: Bench) -> None:
    bench.server.define_job(spec(1))
    bench.dial.now += 3601.0


@pytest.mark.parametrize(
    ("name", "cause"),
    [
        ("many_failures", _many_failures),
        ("silent_scheduler", _silent),
        ("takes_too_long", _slow),
        ("no_pilots", _no_pilots),
    ],
)
def test_each_watch_sees_its_cause_and_nothing_before(bench: Bench, name: str, cause) -> None:  # type: ignore[no-untyped-def]
    assert [] == bench.server.alarms.look(bench.dial.now)
    cause(bench)
    assert name in {each["watch"] for each in bench.server.alarms.look(bench.dial.now)}
    assert name in {each.name for each in WATCHES}


def test_the_history_is_a_snapshot_now_and_then(bench: Bench) -> None:
    history = bench.server.history
    bench.server.define_job(spec(1))
    assert history.due(bench.dial.now)
    history.take(bench.server.table, now=bench.dial.now)
    assert not history.due(bench.dial.now + 299.0)
    bench.run(1)
    bench.dial.now += 300.0
    assert history.due(bench.dial.now)
    history.take(bench.server.table, now=bench.dial.now)
    assert [1, 0] == [number for _, number in history.series("activated")]
    assert [0, 1] == [number for _, number in history.series("running", queue=QUEUE)]
    assert [0, 0] == [number for _, number in history.series("running", queue="UC_ITB")]
    assert 1 == len(history.between(bench.dial.now, bench.dial.now))


def test_an_old_history_is_thinned_out(bench: Bench) -> None:
    history = bench.server.history
    for _ in range(2100):
        history.take(bench.server.table, now=bench.dial.now)
        bench.dial.now += 300.0
    old = [each for each in history.snapshots.values() if each["at"] < bench.dial.now - 100000.0]
    assert len(history.snapshots) < 1000
    assert len(old) < len({each["at"] // 3600 for each in old}) * 2


def test_counts_by_queue_and_state(bench: Bench) -> None:
    bench.server.define_job(spec(1))
    bench.server.define_job(spec(2, queue="UC_ITB"))
    done(bench, 3)
    assert {QUEUE: {"activated": 1, "finished": 1}, "UC_ITB": {"activated": 1}} == counts(
        bench.server.table
    )


def test_schedulers_are_active_or_silent(bench: Bench) -> None:
    bench.server.harvesters.alive("a", by="/CN=A", data={"sw_version": "1"}, now=bench.dial.now)
    bench.server.harvesters.update_workers(
        "b", [{"workerID": 1, "status": "running"}], now=bench.dial.now - 4000.0
    )
    told = schedulers(bench.server, now=bench.dial.now)
    assert [("a", "active", {}), ("b", "silent", {"running": 1})] == [
        (each["name"], each["state"], each["workers"]) for each in told
    ]


def test_health_is_ok_until_an_alarm_or_the_reaper_sleeps(bench: Bench) -> None:
    bench.server.define_job(spec(1))
    bench.run(1)
    assert health(bench.server, now=bench.dial.now)["ok"]
    late = health(bench.server, now=bench.dial.now + 20000.0)
    assert (False, 9200.0) == (late["ok"], late["overdue_s"])
    bench.server.alarms.register("x", "y", by="", now=bench.dial.now)
    told = health(bench.server, now=bench.dial.now)
    assert (False, 1, 1) == (told["ok"], told["alarms"], told["with_pilots"])


def test_a_dataset_is_closed_when_nobody_writes_it_any_more(bench: Bench) -> None:
    bench.server.define_job(spec(1))
    bench.server.define_job(spec(2, outputs=()))

    def status() -> tuple[str, int, int]:
        told = datasets(bench.server.jobs.values())["flightsim:outputs"]
        return told["status"], told["files"], told["ready"]

    assert ("defined", 3, 0) == status()
    bench.run(1)
    assert "running" == status()[0]
    bench.say(1, "finished", xml=report(1))
    bench.server.kill(2)
    assert ("closed", 3, 2) == status()
    assert "ready" == datasets(bench.server.jobs.values())["flightsim:inputs"]["status"]


def test_what_of_the_events_is_processed_so_far(bench: Bench) -> None:
    bench.server.define_job(spec(1, kind="event", event_ranges=3, jobset_id=7))
    bench.run(1)
    given = bench.server.acquire_ranges(1, count=2, who="p", now=bench.dial.now)
    assert 0 == processed(bench.server.ranges, 7)["done"]
    done = [{"eventRangeID": given[0].name, "eventStatus": "finished"}]
    bench.server.update_ranges(done, who="p")
    told = processed(bench.server.ranges, 7)
    assert (3, 1, 10, [f"{given[0].name}.tar"]) == (
        told["ranges"],
        told["done"],
        told["events"],
        told["files"],
    )
