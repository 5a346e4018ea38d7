"""Rooms, and the notes of what changes in them."""

from __future__ import annotations

import json

from fakeserver.jobs import JobSpec
from fakeserver.keeping import Change
from fakeserver.keeping import Notes
from fakeserver.keeping import Rooms
from fakeserver.plain import plain_spec
from tests.fakeserver.servers import Bench
from tests.fakeserver.servers import spec


def test_nothing_is_noted_until_it_is_switched_on() -> None:
    notes = Notes()
    rooms = Rooms(notes)
    rooms.room("a")["x"] = 1
    assert [] == notes.take()
    notes.on = True
    rooms.room("a")["x"] = 2
    assert [("a", "x")] == notes.take()


def test_a_record_is_noted_once_however_often_it_changes_and_when_it_goes() -> None:
    notes = Notes()
    notes.on = True
    room = Rooms(notes).room("a")
    room["x"] = {}
    room.make("x", {})["y"] = 1
    room.touch("x")
    del room["x"]
    assert [("a", "x")] == notes.take()
    assert [] == notes.take()


def test_making_a_record_does_not_replace_one() -> None:
    room = Rooms(Notes()).room("a")
    room.make("x", {"n": 1})
    assert {"n": 1} == room.make("x", {"n": 2})


def test_a_room_is_updated_in_place() -> None:
    rooms = Rooms(Notes())
    room = rooms.room("a")
    room |= {"x": 1}
    assert room is rooms.room("a")
    assert {"x": 1} == room


def test_only_rooms_with_records_are_shown() -> None:
    rooms = Rooms(Notes())
    rooms.room("empty")
    rooms.room("full")["x"] = 1
    assert {"full": {"x": 1}} == rooms.plain()


def test_the_changes_of_a_request_are_what_they_are_now(bench: Bench) -> None:
    bench.server.keep()
    bench.server.define_job(spec(1))
    changes = {(each.room, each.key): each.content for each in bench.server.changes()}
    assert [("jobs", "1"), ("specs", "1")] == sorted(changes)
    assert "activated" == changes["jobs", "1"]["state"]
    assert [] == bench.server.changes()


def test_a_heartbeat_does_not_write_the_specification_again(bench: Bench) -> None:
    bench.server.keep()
    bench.server.define_job(spec(1))
    bench.get()
    bench.server.changes()
    bench.say(1, "running")
    assert [("jobs", "1")] == [(each.room, each.key) for each in bench.server.changes()]


def test_a_record_that_is_gone_has_no_content(bench: Bench) -> None:
    bench.server.keep()
    bench.server.missing["ds"] = True
    bench.server.dataset_came("ds")
    assert [Change("missing", "ds", None)] == bench.server.changes()


def test_a_restored_server_is_equal_and_goes_on(bench: Bench) -> None:
    bench.server.keep()
    bench.server.define_job(spec(1, kind="event", event_ranges=3))
    bench.run(1)
    bench.server.acquire_ranges(1, count=2, who="pilot-1", now=bench.dial.now)
    kept = json.loads(json.dumps([[c.room, c.key, c.content] for c in bench.server.changes()]))
    other = Bench()
    other.server.restore(Change(*each) for each in kept)
    assert bench.server.snapshot() == other.server.snapshot()
    assert bench.server.next_deadline(0.0) == other.server.next_deadline(0.0)
    other.say(1, "failed")
    assert ["failed"] == [job.state.value for job in other.server.jobs.values()]


def test_what_is_as_always_is_left_out_of_a_specification() -> None:
    assert {"panda_id": 1, "queue": "Q"} == plain_spec(JobSpec(1, "Q"))
