"""Numbers among the banners of the proxy tools."""

from __future__ import annotations

import pytest

from siteverify.credentials import has_started
from siteverify.credentials import numbers
from siteverify.credentials import time_left
from siteverify.vantage import HangError
from siteverify.vantage import Ran
from tests.siteverify.fake_vantage import PROXY
from tests.siteverify.fake_vantage import FakeVantage


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("345600\n", [345600.0]),
        ("WARNING: 2 unknown hosts\n\n 7200 \n", [7200.0]),
        ("100|200\n", [100.0, 200.0]),
        ("-5\n", [-5.0]),
        ("N/A\n\n", []),
        ("12:30:00 left\nversion 2.1\n\u00b2\n", []),
    ],
)
def test_a_number_counts_only_where_it_stands_alone(text: str, expected: list[float]) -> None:
    assert expected == numbers(text)


@pytest.mark.parametrize(
    ("ran", "expected"),
    [
        (Ran(0), True),
        (Ran(1), True),
        (Ran(126), False),
        (Ran(127), False),
        (Ran(-11), False),
        (Ran(None), False),
        (Ran(-9, timed_out=True), False),
    ],
)
def test_a_program_has_started_unless_shell_or_loader_say_no(ran: Ran, expected: bool) -> None:
    assert expected is has_started(ran)


def test_openssl_tells_when_the_proxy_ends() -> None:
    vantage = FakeVantage()
    command = f"openssl x509 -noout -enddate -in {PROXY}"
    vantage.commands[command] = Ran(0, "notAfter=Feb 28 14:00:00 2010 GMT\n")
    readings = {reading.tool: reading.seconds for reading in time_left(vantage, PROXY)}
    assert 0 <= 2 * 86400 - readings["openssl"] < 60
    vantage.commands[command] = Ran(0, "notAfter=some day\n")
    assert ["voms-proxy-info"] == [reading.tool for reading in time_left(vantage, PROXY)]


def test_a_hang_counts_only_where_nothing_else_answers() -> None:
    vantage = FakeVantage()
    vantage.commands["openssl"] = Ran(None, timed_out=True)
    assert ["voms-proxy-info"] == [reading.tool for reading in time_left(vantage, PROXY)]
    vantage.commands.clear()
    vantage.commands["openssl"] = Ran(None, timed_out=True)
    with pytest.raises(HangError, match="openssl did not end in 15 s"):
        time_left(vantage, PROXY)
