"""Definitions as people write them."""

from __future__ import annotations

import pytest

from pilotcore.definitions import by_activity
from pilotcore.definitions import clean
from pilotcore.definitions import names
from pilotcore.definitions import number
from pilotcore.definitions import parse_protocols
from pilotcore.definitions import parse_queue
from pilotcore.definitions import parse_storages
from pilotcore.definitions import tools
from tests.pilotcore.grid import code_of

QUEUE = {"copytools": {"xrdcp": {"setup": ""}}}


@pytest.mark.parametrize(
    ("value", "text"),
    [(" 'ACTIVE'\n", "ACTIVE"), ('"x"', "x"), (None, ""), ("None", ""), (7, "7"), ("' a '", "a")],
)
def test_quotes_and_white_space_around_a_value_are_no_part_of_it(value: object, text: str) -> None:
    assert text == clean(value)


@pytest.mark.parametrize(("value", "found"), [("7", 7.0), ("'8'\n", 8.0), (None, 5.0), ("x", 5.0)])
def test_a_number_that_is_none_has_its_default(value: object, found: float) -> None:
    assert found == number(value, 5.0)


@pytest.mark.parametrize(
    ("value", "found"),
    [(["a", " b "], ("a", "b")), ("a,b", ("a", "b")), ({"a": 1}, ("a",)), (7, ()), ([None], ())],
)
def test_names_come_as_list_text_or_table(value: object, found: tuple[str, ...]) -> None:
    assert found == names(value)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"lsm": {"setup": "/s"}, "mv": None}, {"lsm": "/s", "mv": ""}),
        ("lsm^/path,xrdcp", {"lsm": "", "xrdcp": ""}),
        (["lsm"], {"lsm": ""}),
        (None, {}),
    ],
)
def test_copytools_come_in_many_forms(value: object, found: dict[str, str]) -> None:
    assert found == tools(value)


def test_an_activity_that_cannot_be_read_is_left_out() -> None:
    assert {"pr": ("lsm",)} == by_activity({"pr": ["lsm"], "pw": None, "pl": 7})


@pytest.mark.parametrize("raw", [None, [], "text", {}, {"copytools": None}])
def test_a_queue_that_cannot_be_worked_with_is_refused(raw: object) -> None:
    assert 1117 == code_of(lambda: parse_queue(raw, "Q"))


def test_sizes_and_times_are_in_bytes_and_seconds() -> None:
    queue = parse_queue({**QUEUE, "maxwdir": "10", "timefloor": 2, "maxtime": None}, "Q")
    assert (10_000_000, 120.0, 0.0) == (queue.workdir_max, queue.timefloor_s, queue.lifetime_s)


@pytest.mark.parametrize("cores", [None, 0, "x", -3])
def test_a_queue_has_at_least_one_core(cores: object) -> None:
    assert 1 == parse_queue({**QUEUE, "corecount": cores}, "Q").cores


def test_protocols_without_an_endpoint_are_left_out() -> None:
    rows = [{"endpoint": "root://a", "path": "/p"}, {"endpoint": None}, "x", None]
    assert ["root://a"] == [row.endpoint for row in parse_protocols(rows)]


def test_endpoints_that_cannot_be_read_are_left_out() -> None:
    found = parse_storages({"A": {"arprotocols": {"read_lan": None}}, "B": None, "C": "x"})
    assert ["A"] == list(found)


def test_endpoints_must_be_a_table() -> None:
    assert 1116 == code_of(lambda: parse_storages([]))
