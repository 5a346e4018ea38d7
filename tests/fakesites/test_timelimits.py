"""Time limits of work over virtual time."""

from __future__ import annotations

from typing import Any
from typing import Generator

import pytest
import simpy

from fakesites.timelimits import LimitError
from fakesites.timelimits import within

Work = Generator[simpy.Event, Any, Any]


class Task:
    """Waits a few times, and remembers how it was left."""

    def __init__(self, clock: simpy.Environment, *waits: float) -> None:
        self.clock = clock
        self.waits = waits
        self.left = ""

    def work(self) -> Work:
        try:
            for wait in self.waits:
                yield self.clock.timeout(wait)
        except GeneratorExit:
            self.left = f"closed at {self.clock.now}"
            raise
        except simpy.Interrupt as interrupt:
            self.left = f"interrupted by {interrupt.cause} at {self.clock.now}"
            raise
        return "done"


def test_work_in_time_returns_what_it_returns() -> None:
    clock = simpy.Environment()
    work = within(clock, Task(clock, 5, 5).work(), total_s=11, stall_s=6)
    assert (clock.run(until=clock.process(work)), clock.now) == ("done", 10)


def test_without_limits_work_is_just_run() -> None:
    clock = simpy.Environment()
    assert clock.run(until=clock.process(within(clock, Task(clock, 1e9).work()))) == "done"


@pytest.mark.parametrize(
    ("limits", "why", "at"), [({"total_s": 7}, "total", 7), ({"stall_s": 4}, "stall", 4)]
)
def test_work_past_a_limit_is_closed_at_that_instant(
    limits: dict[str, float], why: str, at: float
) -> None:
    clock = simpy.Environment()
    task = Task(clock, 5, 5)
    with pytest.raises(LimitError) as caught:
        clock.run(until=clock.process(within(clock, task.work(), **limits)))
    assert (why, f"closed at {at}") == (caught.value.why, task.left)


def test_a_wait_that_goes_on_in_steps_does_not_stall() -> None:
    clock = simpy.Environment()
    work = within(clock, Task(clock, *[5.0] * 100).work(), stall_s=6)
    assert clock.run(until=clock.process(work)) == "done"


def test_an_interrupt_reaches_the_work_at_once() -> None:
    clock = simpy.Environment()
    task = Task(clock, 50)
    process = clock.process(within(clock, task.work(), total_s=100))
    process.defused = True
    clock.run(until=3)
    process.interrupt(15)
    clock.run(until=4)
    assert task.left == "interrupted by 15 at 3"


def test_work_may_survive_an_interrupt() -> None:
    clock = simpy.Environment()

    def stubborn() -> Work:
        try:
            yield clock.timeout(10)
        except simpy.Interrupt:
            yield clock.timeout(20)
        return "survived"

    process = clock.process(within(clock, stubborn(), total_s=100))
    clock.run(until=3)
    process.interrupt(15)
    assert (clock.run(until=process), clock.now) == ("survived", 23)


def test_closing_closes_the_work() -> None:
    clock = simpy.Environment()
    task = Task(clock, 50)
    work = within(clock, task.work(), total_s=100)
    next(work)
    work.close()
    assert task.left == "closed at 0"


def test_a_failed_event_is_raised_in_the_work() -> None:
    clock = simpy.Environment()
    event = clock.event()

    def hopeful() -> Work:
        try:
            yield event
        except OSError as error:
            return f"caught {error}"

    process = clock.process(within(clock, hopeful(), total_s=100))
    clock.run(until=1)
    event.fail(OSError("gone"))
    assert clock.run(until=process) == "caught gone"


def test_work_that_waits_for_what_is_past_goes_on() -> None:
    clock = simpy.Environment()
    past = clock.timeout(1, value="old")
    clock.run(until=2)

    def late() -> Work:
        return (yield past)

    assert clock.run(until=clock.process(within(clock, late(), total_s=5))) == "old"
