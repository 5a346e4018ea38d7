"""Harvesters."""

from __future__ import annotations

from fakeserver.dispatch import JobRequest
from tests.fakeserver.servers import QUEUE
from tests.fakeserver.servers import Bench
from tests.fakeserver.servers import spec


def test_a_worker_that_is_over_stays_so(bench: Bench) -> None:
    here = bench.server.harvesters
    now = bench.dial.now
    assert [True, False] == here.update_workers(
        "h", [{"workerID": 1, "status": "finished"}, {}], now=now
    )
    here.update_workers("h", [{"workerID": 1, "status": "running", "nCore": 8}], now=now)
    worker = here.workers["h/1"]
    assert ("finished", 8) == (worker["workerStatus"], worker["nCore"])


def test_the_highest_worker(bench: Bench) -> None:
    here = bench.server.harvesters
    assert 0 == here.last_worker("h")
    for number in (9, 10, 2):
        here.update_workers("h", [{"workerID": number}], now=bench.dial.now)
    here.update_workers("other", [{"workerID": 99}], now=bench.dial.now)
    assert 10 == here.last_worker("h")


def test_commands_are_given_once_and_one_of_a_name_replaces_another(bench: Bench) -> None:
    here = bench.server.harvesters
    here.command("h", "KILL_WORKERS", {"n": 1}, now=bench.dial.now)
    second = here.command("h", "KILL_WORKERS", {"n": 2}, now=bench.dial.now)
    third = here.command("h", "REPORT", {}, now=bench.dial.now)
    here.command("other", "REPORT", {}, now=bench.dial.now)
    taken = here.take_commands("h", 9)
    assert [(second, {"n": 2}), (third, {})] == [
        (each["command_id"], each["params"]) for each in taken
    ]
    assert "2026-03-01T08:00:00" == taken[0]["creation_date"]
    assert [] == here.take_commands("h", 9)
    here.acknowledge([second, 404])
    assert "acknowledged" == here.commands[str(second)]["status"]


def test_a_queue_is_swept_by_the_harvester_that_serves_it(bench: Bench) -> None:
    here = bench.server.harvesters
    data = {"harvester": "h", "queues": [{"ce_endpoint": "ce1"}]}
    wanted = {"status": ["running"], "computingElement": ["ce1", "ce2"], "submissionHost": []}
    assert "OK" == here.sweep(QUEUE, data, wanted, now=bench.dial.now)
    (command,) = here.take_commands("h", 1)
    assert (["ce1"], [QUEUE]) == (
        command["params"]["computingElement"],
        command["params"]["computingSite"],
    )
    assert "Queue not served" in here.sweep(QUEUE, {}, wanted, now=bench.dial.now)


def test_slots_can_be_taken_back(bench: Bench) -> None:
    here = bench.server.harvesters
    here.set_slots(QUEUE, 100, share="", resource="", until=None)
    assert 1 == len(here.slots)
    here.set_slots(QUEUE, -1, share="", resource="", until=None)
    assert 0 == len(here.slots)


def test_messages_and_measurements_are_bounded(bench: Bench) -> None:
    here = bench.server.harvesters
    here.add_dialogs("h", [{"diagID": number} for number in range(1500)])
    here.add_metrics("h", range(1500))
    assert ({"diagID": 500}, 500) == (here.dialogs["h"][0], here.metrics["h"][0])


def test_a_worker_is_known_by_the_job_that_it_was_given(bench: Bench) -> None:
    bench.server.define_job(spec(1))
    request = JobRequest(QUEUE, "managed", worker="h/7", scheduler="h")
    bench.server.dispatch(request, who="pilot-1", now=bench.dial.now)
    assert [1] == bench.server.workers["h/7"]["jobs"]
    assert ("h/7", "h") == (bench.job(1).worker, bench.job(1).fields["schedulerID"])
