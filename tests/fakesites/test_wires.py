"""Fair sharing in virtual time: what copies are told, and when."""

from __future__ import annotations

import math
from typing import Any

import pytest
import simpy

from fakesites.wires import Wires
from simkernel import Clock


class Wire:
    """One link of 10 bytes a second."""

    def __init__(self) -> None:
        self.clock = Clock(epoch=0.0)
        self.wires = Wires(self.clock)
        self.told: dict[int, list[tuple[float, int]]] = {}

    def copy(self, size: int, *, limit: float = math.inf, capacity: float = 10.0) -> simpy.Process:
        told = self.told.setdefault(len(self.told), [])
        work = self.wires.carry(
            size,
            (self.wires.link("wan", capacity),),
            limit=limit,
            tell=lambda count: told.append((self.clock.now, count)),
        )
        return self.clock.process(work)


def test_a_copy_is_told_how_far_it_is_every_minute() -> None:
    wire = Wire()
    wire.copy(1500)
    wire.clock.run()
    assert wire.told[0] == [(0.0, 0), (60.0, 600), (120.0, 1200), (150.0, 1500)]


def test_nothing_takes_no_time_and_is_told_at_once() -> None:
    wire = Wire()
    wire.copy(0)
    wire.clock.run()
    assert (wire.told[0], wire.clock.now) == ([(0.0, 0)], 0.0)


def test_one_that_is_killed_is_told_what_had_passed_and_others_get_its_share() -> None:
    wire = Wire()
    killed, other = wire.copy(1000), wire.copy(1000)
    killed.defused = True
    wire.clock.run(until=10.5)
    killed.interrupt(9)
    wire.clock.run(until=other)
    assert wire.told[0] == [(0.0, 0), (10.5, 52)]
    assert wire.clock.now == pytest.approx(10.5 + (1000 - 52.5) / 10)


def test_one_that_is_limited_leaves_the_rest_to_the_other() -> None:
    wire = Wire()
    slow, fast = wire.copy(30, limit=1.0), wire.copy(90)
    wire.clock.run(until=fast)
    assert wire.clock.now == 10.0
    wire.clock.run(until=slow)
    assert wire.clock.now == 30.0


def test_a_link_that_changes_does_so_for_copies_under_way() -> None:
    wire = Wire()
    wire.copy(100)
    wire.clock.run(until=5.0)
    wire.wires.link("wan", 50.0)
    wire.clock.run()
    assert wire.told[0][-1] == (6.0, 100)


def test_alone_on_a_link_a_copy_sets_one_timer_at_a_time() -> None:
    wire = Wire()
    wire.copy(1500)
    steps: list[Any] = []
    while wire.clock.peek() < math.inf:
        steps.append(wire.clock.peek())
        wire.clock.step()
    # An instant of a flight is one at which guests are asked: there are no more than before.
    assert sorted(set(steps)) == [0.0, 60.0, 120.0, 150.0]
