"""Event ranges over the wire."""

from __future__ import annotations

import json

import pytest

from tests.fakeserver.servers import Bench
from tests.fakeserver.servers import spec
from tests.fakeserver.speakers import form
from tests.fakeserver.speakers import legacy
from tests.fakeserver.speakers import modern
from tests.fakeserver.speakers import read

ASKED = {"pandaID": 1, "jobsetID": 77, "taskID": 12345}
ASKED_NOW = {"job_id": 1, "jobset_id": 77, "task_id": 12345}


@pytest.fixture
def bench() -> Bench:
    """Return a server on which job 1 of jobset 77 runs, with 12 ranges."""
    bench = Bench()
    bench.server.define_job(spec(1, kind="event", event_ranges=12, jobset_id=77))
    bench.run(1)
    return bench


def test_ranges_come_ten_at_a_time_unless_told(bench: Bench) -> None:
    first = read(legacy(bench, "acquire_event_ranges", ASKED))["eventRanges"]
    second = read(modern(bench, "acquire_event_ranges", ASKED_NOW | {"n_ranges": 1}))["data"]
    third = json.loads(read(form(bench, "acquire_event_ranges", ASKED))["eventRanges"])
    assert (10, 1, 1) == (len(first), len(second), len(third))
    names = {each["eventRangeID"] for each in [*first, *second, *third]}
    assert 12 == len(names)


def test_what_became_of_ranges_is_answered_one_by_one(bench: Bench) -> None:
    given = read(legacy(bench, "acquire_event_ranges", ASKED | {"nRanges": 2}))["eventRanges"]
    entries = [
        {"eventRangeID": given[0]["eventRangeID"], "eventStatus": "finished"},
        {"eventRangeID": given[1]["eventRangeID"], "eventStatus": "running"},
        {"eventRangeID": "nonsense", "eventStatus": "finished"},
    ]
    text = json.dumps(entries)
    said = read(legacy(bench, "update_event_ranges", {"eventRanges": text}))
    expected = {"StatusCode": 0, "Returns": [True, None, False], "Command": {"1": None}}
    assert expected == said
    now = read(modern(bench, "update_event_ranges", {"event_ranges": text}))
    assert {"Returns": [True, None, False], "Commands": {"1": None}} == now["data"]


@pytest.mark.parametrize("text", ["nonsense", "{}"])
def test_garbage_is_an_error(bench: Bench, text: str) -> None:
    assert 500 == legacy(bench, "update_event_ranges", {"eventRanges": text}).status
    assert 500 == modern(bench, "update_event_ranges", {"event_ranges": text}).status
    assert 2 == len(bench.refusals())


def test_zipped_bunches_come_in_version_1(bench: Bench) -> None:
    given = read(legacy(bench, "acquire_event_ranges", ASKED | {"nRanges": 1}))["eventRanges"]
    entry = {"eventRangeID": given[0]["eventRangeID"], "eventStatus": "finished"}
    text = json.dumps([{"zipFile": {"lfn": "z"}, "eventRanges": [entry]}])
    values = {"eventRanges": text, "version": 1}
    assert [True] == read(legacy(bench, "update_event_ranges", values))["Returns"]


def test_the_journal_says_in_which_file_a_range_is_and_what_was_said_in_vain(bench: Bench) -> None:
    given = read(legacy(bench, "acquire_event_ranges", ASKED | {"nRanges": 1}))["eventRanges"]
    entry = {"eventRangeID": given[0]["eventRangeID"], "eventStatus": "finished"}
    text = json.dumps([{"zipFile": {"lfn": "z"}, "eventRanges": [entry]}])
    for _ in range(2):
        legacy(bench, "update_event_ranges", {"eventRanges": text, "version": 1})
    said = [(event["file"], event["taken"]) for event in bench.of("event.range_said")]
    assert [("z", True), ("z", False)] == said


def test_how_many_are_left(bench: Bench) -> None:
    legacy(bench, "acquire_event_ranges", ASKED)
    said = read(legacy(bench, "get_available_event_range_count", ASKED))
    assert {"StatusCode": 0, "nEventRanges": 2} == said
    assert 2 == read(modern(bench, "get_available_event_range_count", ASKED_NOW))["data"]
