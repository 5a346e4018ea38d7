"""A limit on work: what it is given, what it is spared."""

from __future__ import annotations

from typing import Any
from typing import Generator

import pytest
import simpy

from fakesites.tools._within import within
from simkernel import Clock

Work = Generator[simpy.Event, Any, str]


def slow(clock: Clock, *delays_s: float) -> Work:
    for delay_s in delays_s:
        yield clock.timeout(delay_s)
    return "done"


def test_work_in_time_gives_its_result() -> None:
    clock = Clock(epoch=0.0)
    assert "done" == clock.run(clock.process(within(clock, slow(clock, 1, 2), 10)))
    assert 3.0 == clock.now


def test_work_that_does_not_wait_gives_its_result_at_once() -> None:
    clock = Clock(epoch=0.0)
    assert "done" == clock.run(clock.process(within(clock, slow(clock), 10)))
    assert 0.0 == clock.now


def test_late_work_is_closed() -> None:
    clock = Clock(epoch=0.0)
    closed: list[float] = []

    def work() -> Work:
        try:
            yield clock.timeout(5)
            yield clock.timeout(50)
        finally:
            closed.append(clock.now)
        return "done"

    with pytest.raises(TimeoutError):
        clock.run(clock.process(within(clock, work(), 10)))
    assert [10.0] == closed


def test_a_failed_event_is_the_work_s_to_handle() -> None:
    clock = Clock(epoch=0.0)
    failing = clock.event()

    def work() -> Work:
        try:
            yield failing
        except ValueError as error:
            return str(error)
        return "done"

    process = clock.process(within(clock, work(), 10))
    failing.fail(ValueError("why"))
    assert "why" == clock.run(process)


def test_a_signal_passes_through_to_the_work() -> None:
    clock = Clock(epoch=0.0)

    def work() -> Work:
        try:
            yield clock.timeout(5)
        except simpy.Interrupt as interrupt:
            return f"signal {interrupt.cause}"
        return "done"

    process = clock.process(within(clock, work(), 10))
    clock.run(1)
    process.interrupt(15)
    assert "signal 15" == clock.run(process)
