"""The virtual clock."""

from __future__ import annotations

import pytest

from simkernel import Clock
from simkernel import utc_text


def test_wall_time_is_epoch_plus_now() -> None:
    clock = Clock(epoch=1000.0)
    clock.timeout(5)
    clock.run()
    assert 1005.0 == clock.wall()


def test_a_clock_is_carried_up_to_the_next_event_but_not_beyond() -> None:
    clock = Clock(epoch=0.0)
    clock.timeout(5)
    clock.carry_to(5.0)
    assert 5.0 == clock.now
    with pytest.raises(ValueError, match="lies before"):
        clock.carry_to(5.1)


def test_a_clock_is_never_carried_back() -> None:
    clock = Clock(epoch=0.0)
    clock.carry_to(3.0)
    with pytest.raises(ValueError, match="cannot go back"):
        clock.carry_to(2.0)


def test_ties_go_by_the_order_of_scheduling() -> None:
    clock, order = Clock(epoch=0.0), list[int]()
    for number in (3, 1, 2):
        clock.timeout(7, value=number).callbacks.append(lambda event: order.append(event.value))
    clock.run()
    assert [3, 1, 2] == order


def test_utc_text_is_iso() -> None:
    assert "2026-03-01T08:00:00Z" == utc_text(1_772_352_000.0)
