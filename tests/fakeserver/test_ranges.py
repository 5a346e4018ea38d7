"""Event ranges and what is said of them."""

from __future__ import annotations

from typing import Any

import pytest

from fakeserver import InputFile
from fakeserver.progress import owner_of
from fakeserver.progress import unpacked
from fakeserver.ranges import RangeTable
from fakeserver.ranges import make_ranges
from tests.fakeserver.servers import Bench
from tests.fakeserver.servers import spec

INPUTS = (InputFile("a", guid="ga", scope="sa"), InputFile("b", guid="gb", scope="sb"))


def test_ranges_are_spread_over_the_inputs_in_order() -> None:
    job = spec(1, kind="event", event_ranges=5, events_per_range=10, inputs=INPUTS)
    made = [(each.file, each.process, each.first, each.last, each.lfn) for each in make_ranges(job)]
    expected = [
        (1, 1, 1, 10, "a"),
        (1, 2, 11, 20, "a"),
        (1, 3, 21, 30, "a"),
        (2, 1, 1, 10, "b"),
        (2, 2, 11, 20, "b"),
    ]
    assert expected == made


def test_without_inputs_there_is_a_pseudo_file() -> None:
    (made,) = make_ranges(spec(1, kind="event", inputs=()))
    assert ("pseudo_lfn", "", "") == (made.lfn, made.guid, made.scope)


def test_a_range_in_the_words_of_a_pilot() -> None:
    table = RangeTable()
    table.define(spec(1, kind="event", event_ranges=1, inputs=INPUTS))
    (taken,) = table.take(1, owner=1, count=9)
    expected = {
        "eventRangeID": "12345-1-1-1-10",
        "startEvent": 1,
        "lastEvent": 10,
        "LFN": "a",
        "GUID": "ga",
        "scope": "sa",
    }
    assert expected == taken.record()


def test_only_the_first_job_of_a_jobset_makes_its_ranges() -> None:
    table = RangeTable()
    table.define(spec(1, kind="event", event_ranges=2, jobset_id=7))
    table.define(spec(2, kind="event", event_ranges=9, jobset_id=7))
    assert 2 == len(table.of(7))


def test_a_range_that_ran_out_of_attempts_is_not_ready() -> None:
    table = RangeTable()
    table.define(spec(1, kind="event", event_ranges=1))
    for _ in range(10):
        assert 1 == len(table.take(1, owner=1, count=1))
        table.release(1, owner=1)
    assert [] == table.ready(1)


@pytest.fixture
def bench() -> Bench:
    """Return a server on which job 1 runs and has two ranges."""
    bench = Bench()
    bench.server.define_job(spec(1, kind="event", event_ranges=2))
    bench.run(1)
    bench.server.acquire_ranges(1, count=2, who="pilot-1", now=bench.dial.now)
    return bench


def tell(bench: Bench, *entries: Any) -> list[bool | None]:
    """Say what became of ranges and return the outcomes."""
    return bench.server.update_ranges(list(entries), who="pilot-1")[0]


def ended(status: str, number: int = 1) -> dict[str, str]:
    """Return an entry for one of the two ranges."""
    return {"eventRangeID": f"12345-1-1-{number}-10", "eventStatus": status}


@pytest.mark.parametrize("status", ["finished", "failed", "fatal"])
def test_a_range_comes_to_its_end_once(bench: Bench, status: str) -> None:
    assert [True] == tell(bench, ended(status))
    assert [True] == tell(bench, ended(status))
    expected = [(1, "12345-1-1-1-10", "pilot-1", status)]
    done = bench.of("event.range_done")
    assert expected == [(e["job"], e["range"], e["pilot"], e["state"]) for e in done]
    assert [] == bench.refusals()


def test_a_contradiction_changes_nothing_and_is_said(bench: Bench) -> None:
    assert [True, True] == tell(bench, ended("finished"), ended("failed"))
    assert ["range 12345-1-1-1-10 failed, it is finished"] == bench.refusals()


@pytest.mark.parametrize("status", ["running", "transferring"])
def test_a_range_on_its_way_is_of_no_interest(bench: Bench, status: str) -> None:
    assert [None] == tell(bench, ended(status))
    assert [] == bench.of("event.range_done") + bench.of("job.refused")


@pytest.mark.parametrize(
    "entry",
    [
        ended("exploded"),
        {"eventRangeID": "12345-1-1-1-10"},
        {"eventStatus": "finished"},
        {"eventRangeID": "nonsense", "eventStatus": "finished"},
        "nonsense",
        {"eventRangeID": "12345-404-1-1-10", "eventStatus": "finished"},
    ],
)
def test_what_makes_no_sense_is_refused(bench: Bench, entry: Any) -> None:
    assert [False] == tell(bench, entry)
    assert 1 == len(bench.refusals())


def test_an_unknown_range_is_answered_true_like_there_but_said(bench: Bench) -> None:
    assert [True] == tell(bench, ended("finished", 9))
    assert ["range 12345-1-1-9-10 finished, it is unknown"] == bench.refusals()


def test_commands_come_by_job(bench: Bench) -> None:
    stranger = {"eventRangeID": "12345-404-1-1-10", "eventStatus": "finished"}
    bench.server.set_command(1, "softkill")
    _, commands = bench.server.update_ranges([ended("finished"), stranger], who="pilot-1")
    assert {1: "softkill", 404: "tobekilled"} == commands


def test_without_command_there_is_none(bench: Bench) -> None:
    _, commands = bench.server.update_ranges([ended("finished")], who="pilot-1")
    assert {1: None} == commands


def test_zipped_bunches_are_unpacked_except_in_version_0() -> None:
    bunch = {"zipFile": {"lfn": "z"}, "eventRanges": [ended("finished"), ended("failed", 2)]}
    entries = [{"lfn": "z", **ended("finished")}, {"lfn": "z", **ended("failed", 2)}]
    assert entries == unpacked([bunch], version=1)
    assert [bunch] == unpacked([bunch], version=0)
    assert ["odd", ended("finished")] == unpacked(["odd", ended("finished")], version=1)


def test_the_owner_is_the_second_part_of_the_name() -> None:
    assert (1, None) == (owner_of(ended("finished")), owner_of({"eventRangeID": "a-b-c-d-e"}))
