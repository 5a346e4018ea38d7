"""The clock of a live server."""

from __future__ import annotations

import math

import pytest

from fakeserver.live.clock import LiveClock
from simkernel import ScenarioError
from tests.fakeserver.live.running import Hand


def test_it_goes_with_the_time_of_day_and_ahead_of_it() -> None:
    hand = Hand(1000.0)
    clock = LiveClock(hand.read, ahead_s=5.0)
    hand.now += 10
    assert 1015.0 == clock.now()


def test_it_advances_at_once_and_goes_on_from_there() -> None:
    hand = Hand(1000.0)
    clock = LiveClock(hand.read)
    assert 4600.0 == clock.advance(3600.0)
    hand.now += 1
    assert (4601.0, 3600.0) == (clock.now(), clock.ahead_s)


def test_it_never_goes_back() -> None:
    hand = Hand(1000.0)
    clock = LiveClock(hand.read)
    clock.now()
    hand.now -= 500
    assert 1000.0 == clock.now()
    hand.now += 501
    assert 1001.0 == clock.now()


@pytest.mark.parametrize("seconds", [-1.0, 4e7, math.nan, math.inf])
def test_it_advances_neither_back_nor_for_ever(seconds: float) -> None:
    clock = LiveClock(Hand(1000.0).read)
    with pytest.raises(ScenarioError, match="cannot advance"):
        clock.advance(seconds)
    assert 1000.0 == clock.now()
