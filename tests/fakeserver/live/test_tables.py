"""Tables and traces are kept as they change."""

from __future__ import annotations

from typing import Any

from fakeserver.keeping import Change
from fakeserver.live.tables import Tables
from fakeserver.shares import Share
from tests.fakeserver.servers import Bench


def test_a_table_is_told_when_it_grows_and_once() -> None:
    server = Bench().server
    tables = Tables(server)
    assert [] == tables.changes()
    server.queues["A"] = {"x": 1}
    assert [Change("live.tables", "queues", {"A": {"x": 1}})] == tables.changes()
    assert [] == tables.changes()


def test_tables_that_were_touched_are_told_even_if_they_did_not_grow() -> None:
    server = Bench().server
    server.queues["A"] = {"x": 1}
    tables = Tables(server)
    server.queues["A"] = {"x": 2}
    tables.touch()
    expected = {"queues", "endpoints", "transforms", "shares"}
    assert expected == {each.key for each in tables.changes()}


def test_traces_are_told_one_by_one_and_come_back_in_order() -> None:
    server = Bench().server
    tables = Tables(server)
    kept: dict[str, Any] = {}
    for number in range(12):
        server.traces.append({"number": number})
        (change,) = tables.changes()
        kept[change.key] = change.content
    again = Bench().server
    Tables(again).restore({}, dict(reversed(kept.items())))
    assert server.traces == again.traces


def test_shares_are_told_and_come_back() -> None:
    server = Bench().server
    tables = Tables(server)
    shares = [Share("All"), Share("Prod", value=2.0, parent="All", label="managed")]
    server.define_shares(shares)
    (change,) = tables.changes()
    again = Bench().server
    Tables(again).restore({change.key: change.content}, {})
    assert shares == again.table.shares.present()
