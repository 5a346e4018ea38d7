"""Which request meets which fault."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest

import fakeserver.live.faults
from fakeserver.live.faults import Fault
from fakeserver.live.faults import FaultTable
from fakeserver.live.faults import read_fault
from simkernel import ScenarioError


def met(table: FaultTable, *points: str) -> list[str]:
    """Return the kinds that requests to *points* meet, empty for none."""
    return [fault.kind if (fault := table.meet(point)) else "" for point in points]


def test_a_fault_happens_once_by_itself_and_where_it_was_told_to() -> None:
    table = FaultTable()
    table.add(Fault("html", on="server.update_job"))
    points = ("server.acquire_jobs", "server.update_job", "server.update_job")
    assert ["", "html", ""] == met(table, *points)


def test_it_lets_some_through_first_and_happens_as_often_as_it_should() -> None:
    table = FaultTable()
    table.add(Fault("hang", skip=2, times=2))
    assert ["", "", "hang", "hang", ""] == met(table, *["server.x"] * 5)


def test_without_a_number_it_happens_until_it_is_cleared() -> None:
    table = FaultTable()
    number = table.add(Fault("garbage", times=None))
    assert ["garbage"] * 50 == met(table, *["server.x"] * 50)
    assert (1, 0) == (table.clear(number), table.clear(number))
    assert [""] == met(table, "server.x")


def test_the_earliest_that_fits_is_met() -> None:
    table = FaultTable()
    table.add(Fault("html", on="server.up*"))
    table.add(Fault("hang"))
    assert ["html", "hang", ""] == met(table, *["server.update_job"] * 3)


def test_one_that_lets_a_request_through_leaves_it_to_the_next() -> None:
    table = FaultTable()
    table.add(Fault("html", skip=1))
    table.add(Fault("hang"))
    assert ["hang", "html"] == met(table, "server.x", "server.x")


def test_what_is_kept_makes_an_equal_table() -> None:
    table = FaultTable()
    for kind in ("html", "hang", "delay"):
        table.add(Fault(kind, times=3))
    table.clear(1)
    met(table, "server.x")
    kept = {change.key: change.content for change in table.changes() if change.content}
    again = FaultTable(kept)
    assert list(table) == list(again)
    assert met(table, *["server.x"] * 6) == met(again, *["server.x"] * 6)
    assert 4 == again.add(Fault("html"))


def test_changes_are_told_once_and_one_that_is_gone_is_none() -> None:
    table = FaultTable()
    table.add(Fault("html"))
    table.add(Fault("hang"))
    assert 2 == len(table.changes())
    assert [] == table.changes()
    table.clear()
    assert [("1", None), ("2", None)] == [(each.key, each.content) for each in table.changes()]


def test_there_is_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fakeserver.live.faults, "FAULTS_MAX", 2)
    table = FaultTable()
    table.add(Fault("html"))
    table.add(Fault("html"))
    with pytest.raises(ScenarioError, match="more than 2 faults"):
        table.add(Fault("html"))


def test_a_fault_is_read_from_words() -> None:
    said = {"fault": "delay", "on": "server.update_job", "times": None, "skip": 3, "delay_s": 2}
    fault = read_fault(said)
    assert ("delay", "server.update_job", None, 3) == (
        fault.kind,
        fault.on,
        fault.times,
        fault.skip,
    )
    assert (2, 60.0) == (fault.option("delay_s"), read_fault({"fault": "delay"}).option("delay_s"))
    assert {"delay_s": 2} == asdict(fault)["options"]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({}, "unknown fault ''"),
        ({"fault": "htlm"}, "did you mean 'html'"),
        ({"fault": "html", "times": "often"}, "times = 'often' is no number"),
        ({"fault": "html", "times": True}, "times = True is no number"),
        ({"fault": "html", "skip": -1}, "skip = -1 is no number"),
        ({"fault": "html", "skip": None}, "skip = None is no number"),
        ({"fault": "delay", "delay": 3}, "did you mean 'delay_s'"),
        ({"fault": "html", "delay_s": 3}, "known: none"),
        ({"fault": "delay", "delay_s": 1e9}, "out of range"),
        ({"fault": "http_status", "status": "503"}, "out of range"),
    ],
)
def test_wrong_words_are_refused(said: dict[str, Any], why: str) -> None:
    with pytest.raises(ScenarioError, match=why):
        read_fault(said)
