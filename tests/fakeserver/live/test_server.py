"""The model in real life: what was said is kept, and nothing is said that is not."""

from __future__ import annotations

import io
import json
import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest

from fakeserver import OutputFile
from fakeserver import Policy
from fakeserver.keeping import Change
from fakeserver.live.clock import LiveClock
from fakeserver.live.faults import Fault
from fakeserver.live.server import LiveServer
from fakeserver.live.server import StoppedError
from fakeserver.matching import JobRequest
from fakeserver.shares import Share
from fakeserver.store import open_store
from fakeserver.updates import read_update
from simkernel import HarnessError
from tests.fakeserver.live.running import QUEUE
from tests.fakeserver.live.running import Hand
from tests.fakeserver.live.running import new_live
from tests.fakeserver.servers import report
from tests.fakeserver.servers import spec

REQUEST = JobRequest(queue=QUEUE, label="managed", element=QUEUE, node="wn1")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where a store may be."""
    return tmp_path / "panda.sqlite3"


def history(live: LiveServer) -> None:
    """Let a few things happen of every kind."""
    with live.effect() as model:
        for panda_id in (1, 2, 3):
            model.define_job(spec(panda_id))
        model.define_job(spec(4, kind="event", event_ranges=4, jobset_id=9))
    with live.effect() as model:
        model.dispatch(REQUEST, who="pilot-1", now=live.clock.now(), count=2)
        model.traces.append({"uuid": 1})
    with live.effect() as model:
        for state in ("running", "finished"):
            values = {"jobId": 1, "state": state, "attemptNr": 1, "xml": report(1)}
            model.update(read_update(values), who="pilot-1", now=live.clock.now())
    with live.effect() as model:
        model.acquire_ranges(4, count=2, who="pilot-2", now=live.clock.now())
        model.harvesters.pilot_status("h", "7", status="started", node="wn1", now=1.0)
        model.tokens["client"] = "secret"
        model.queues[QUEUE] = {"status": "online"}
        model.transforms["own"] = "#!/bin/sh"
        live.faults.add(Fault("html"))
        model.define_shares([Share("Test", label="test"), Share("Rest", value=1.0)])
        model.people.add_user("/CN=Ada", quota_jobs=3)
        model.vault.set_secret("Ada", "key", "value")
        model.alarms.register("tape", "the robot is stuck", by="Ada", now=live.clock.now())


def test_after_a_kill_the_server_is_the_same(path: Path) -> None:
    live = new_live(path)
    history(live)
    live.advance(60.0)
    before, lines = live.model.snapshot(), live.store.lines()
    live.store.close()  # as a kill does: nothing is said or written at the end
    again = new_live(path)
    assert before == again.model.snapshot()
    assert ["Test", "Rest"] == [each.name for each in again.model.table.shares.present()]
    assert lines == again.store.lines()
    assert (live.begun, 60.0, 2) == (again.begun, again.clock.ahead_s, again.generation)
    assert list(live.faults) == list(again.faults)
    assert {"status": "online"} == again.model.queues[QUEUE]
    assert "#!/bin/sh" == again.model.transforms["own"]
    again.close()


def test_it_goes_on_where_it_was(path: Path) -> None:
    live = new_live(path)
    history(live)
    live.store.close()
    again = new_live(path)
    with again.effect() as model:
        (record,) = model.dispatch(REQUEST, who="pilot-3", now=again.clock.now())
        assert 3 == record["PandaID"]
        model.traces.append({"uuid": 2})
    numbers = [json.loads(line)["n"] for _, line in again.store.lines()]
    assert list(range(len(numbers))) == numbers
    again.store.close()
    third = new_live(path)
    assert [{"uuid": 1}, {"uuid": 2}] == third.model.traces
    assert ("pilot-3", 3) == (third.model.jobs[3].pilot, third.generation)
    third.close()


def test_chance_does_not_repeat_itself_after_a_restart(path: Path) -> None:
    drawn = []
    for panda_id in (1, 2, 3):
        live = new_live(path)
        with live.effect() as model:
            job = model.define_job(spec(panda_id, log=OutputFile("job.log.tgz")))
            assert job.spec.log is not None
            drawn.append(job.spec.log.guid)
        live.close()
    assert 3 == len(set(drawn))


def test_what_happened_is_kept_before_the_effect_is_over(path: Path) -> None:
    live = new_live(path)
    with live.effect() as model:
        model.define_job(spec(1))
    with sqlite3.connect(path) as reader:
        rooms = {room for (room,) in reader.execute("SELECT room FROM records")}
    reader.close()
    assert {"jobs", "specs"} <= rooms
    live.close()


def test_an_effect_that_breaks_off_is_kept_as_far_as_it_got(path: Path) -> None:
    live = new_live(path)
    with pytest.raises(ZeroDivisionError), live.effect() as model:
        model.define_job(spec(1))
        model.define_job(spec(2))
        raise ZeroDivisionError
    before = live.model.snapshot()
    live.store.close()
    again = new_live(path)
    assert before == again.model.snapshot()
    again.close()


def test_a_server_that_cannot_keep_what_it_says_says_nothing_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    live = new_live()

    def full(*_: Any) -> None:
        raise HarnessError("the store cannot be written: disk full")

    monkeypatch.setattr(live.store, "commit", full)
    with pytest.raises(StoppedError, match="disk full"), live.effect() as model:
        model.define_job(spec(1))
    monkeypatch.undo()
    # The disk may have room again, but memory is ahead of what is kept.
    with pytest.raises(StoppedError, match="disk full"), live.effect():
        pass
    assert "disk full" in live.failure


def test_effects_happen_one_after_another() -> None:
    live = new_live()
    inside: list[int] = []
    crowds: list[int] = []

    def enter() -> None:
        with live.effect():
            inside.append(1)
            threading.Event().wait(0.005)  # long enough for another to come in, if it could
            crowds.append(len(inside))
            inside.pop()

    threads = [threading.Thread(target=enter) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [1] * 8 == crowds


def test_events_are_in_the_store_and_not_in_memory() -> None:
    copy = io.StringIO()
    live = new_live(copy=copy)
    with live.effect() as model:
        model.define_job(spec(1))
    assert [] == live.model.journal.events
    lines = [line for _, line in live.store.lines()]
    assert ["job.defined", "job.state", "job.state"] == [json.loads(x)["what"] for x in lines]
    assert lines == copy.getvalue().splitlines()


def test_a_copy_that_cannot_be_written_stops_the_server(tmp_path: Path) -> None:
    copy = (tmp_path / "events.jsonl").open("w")
    live = new_live(copy=copy)

    def full(_: Any) -> None:
        raise OSError(28, "No space left on device")

    copy.close()
    live._copy = type("Full", (), {"writelines": staticmethod(full)})()
    with pytest.raises(StoppedError, match="No space"), live.effect() as model:
        model.define_job(spec(1))


def test_what_is_due_happens_when_the_clock_gets_there() -> None:
    hand = Hand(1_772_352_000.0)
    live = new_live(clock=LiveClock(hand.read), policy=Policy(sent_limit_s=100.0))
    with live.effect() as model:
        model.define_job(spec(1))
        model.dispatch(REQUEST, who="pilot-1", now=live.clock.now())
    hand.now += 99
    live.reap()
    assert "sent" == live.model.jobs[1].state.value
    hand.now += 2
    live.reap()
    assert "failed" == live.model.jobs[1].state.value


def test_to_advance_the_clock_lets_what_is_due_happen() -> None:
    live = new_live(policy=Policy(sent_limit_s=100.0))
    with live.effect() as model:
        model.define_job(spec(1))
        model.dispatch(REQUEST, who="pilot-1", now=live.clock.now())
    live.advance(101.0)
    assert "failed" == live.model.jobs[1].state.value


def test_now_and_then_alarms_are_looked_for_and_a_snapshot_is_taken() -> None:
    hand = Hand(1_772_352_000.0)
    live = new_live(clock=LiveClock(hand.read))
    with live.effect() as model:
        model.define_job(spec(1))
    live.reap()
    hand.now += 4000
    live.reap()
    assert ["no_pilots"] == [each["watch"] for each in live.model.alarms.present()]
    assert [0, 4000] == [each["at"] - 1_772_352_000 for each in _snapshots(live)]


def _snapshots(live: LiveServer) -> list[dict[str, Any]]:
    return live.model.history.between(0.0, 4e9)


def test_rooms_of_the_live_server_are_not_the_models(path: Path) -> None:
    store = open_store(path)
    store.commit([Change("live.other", "x", 1)])
    store.close()
    live = new_live(path)
    assert "live.other" not in live.model.snapshot()["rooms"]
    live.close()
