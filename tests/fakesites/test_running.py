"""The life of a process between its waits, and what a spawned command leaves to its parent."""

from __future__ import annotations

import signal
from typing import Any
from typing import Generator

import pytest
import simpy

from fakesites.processes import Process
from fakesites.running import Command
from fakesites.running import Life
from fakesites.running import Running
from fakesites.running import begin
from simkernel import Clock
from simkernel import HarnessError

Work = Generator[simpy.Event, Any, int]
EPOCH = 0.0


class Trial:
    """One process with its life, and what was heard of its end."""

    def __init__(self, clock: Clock, work: Work) -> None:
        self.ends: list[tuple[int, int]] = []
        self.process = Process(7, 1, 7, 7, "pilot", "pilot-1", ("x",), 0.0)
        self.life = Life(self.process, work, lambda code, number: self.ends.append((code, number)))
        first = begin(self.process, work)
        assert not isinstance(first, tuple)
        self.life.follow(first)


def waiting(clock: Clock, *delays_s: float, code: int = 0) -> Work:
    for delay_s in delays_s:
        yield clock.timeout(delay_s)
    return code


def test_work_is_followed_to_its_code() -> None:
    clock = Clock(epoch=EPOCH)
    trial = Trial(clock, waiting(clock, 1, 2, code=4))
    clock.run()
    assert (3.0, [(4, 0)]) == (clock.now, trial.ends)


def test_work_that_never_waits_is_over_at_once() -> None:
    process = Process(7, 1, 7, 7, "pilot", "pilot-1", ("x",), 0.0)
    assert (5, 0) == begin(process, waiting(Clock(epoch=EPOCH), code=5))


def test_a_signal_ends_work_at_once_that_does_not_catch_it() -> None:
    clock = Clock(epoch=EPOCH)
    trial = Trial(clock, waiting(clock, 100))
    trial.life.signal(signal.SIGTERM)
    assert [(-15, 15)] == trial.ends


def test_work_may_catch_a_signal_and_go_on() -> None:
    clock = Clock(epoch=EPOCH)

    def stubborn() -> Work:
        try:
            yield clock.timeout(100)
        except simpy.Interrupt:
            yield clock.timeout(5)
        return 9

    trial = Trial(clock, stubborn())
    trial.life.signal(signal.SIGTERM)
    assert [] == trial.ends
    clock.run(6)
    assert [(9, 0)] == trial.ends


def test_sigkill_cannot_be_caught_and_still_lets_work_tidy_up() -> None:
    clock = Clock(epoch=EPOCH)
    tidied: list[str] = []

    def stubborn() -> Work:
        try:
            yield clock.timeout(100)
        except simpy.Interrupt:
            yield clock.timeout(100)
        finally:
            tidied.append("yes")
        return 0

    trial = Trial(clock, stubborn())
    trial.life.signal(signal.SIGKILL)
    assert ([(-9, 9)], ["yes"]) == (trial.ends, tidied)


def test_ignored_signals_do_nothing() -> None:
    clock = Clock(epoch=EPOCH)
    trial = Trial(clock, waiting(clock, 1))
    trial.life.signal(signal.SIGCHLD)
    clock.run()
    assert [(0, 0)] == trial.ends


def test_a_signal_after_the_end_does_nothing() -> None:
    clock = Clock(epoch=EPOCH)
    trial = Trial(clock, waiting(clock, 1))
    clock.run()
    trial.life.signal(signal.SIGKILL)
    assert [(0, 0)] == trial.ends


def test_work_that_signals_itself_dies_when_it_waits() -> None:
    clock = Clock(epoch=EPOCH)
    lives: list[Life] = []

    def suicidal() -> Work:
        yield clock.timeout(1)
        lives[0].signal(signal.SIGTERM)
        yield clock.timeout(10)
        return 0

    trial = Trial(clock, suicidal())
    lives.append(trial.life)
    clock.run(2)
    assert [(-15, 15)] == trial.ends


def test_a_failed_event_is_raised_in_the_work() -> None:
    clock = Clock(epoch=EPOCH)
    failing = clock.event()

    def careful() -> Work:
        try:
            yield failing
        except ValueError as error:
            return len(str(error))
        return 0

    trial = Trial(clock, careful())
    failing.fail(ValueError("four"))
    clock.run()
    assert [(4, 0)] == trial.ends


def test_an_event_of_the_past_does_not_hold_work_up() -> None:
    clock = Clock(epoch=EPOCH)
    past = clock.timeout(0, value=3)
    clock.run(1)

    def work() -> Work:
        yield clock.timeout(1)
        value: int = yield past
        return value

    trial = Trial(clock, work())
    clock.run()
    assert [(3, 0)] == trial.ends


def test_waiting_for_something_else_than_an_event_is_our_error() -> None:
    clock = Clock(epoch=EPOCH)

    def work() -> Work:
        yield clock.timeout(1)
        yield 5  # type: ignore[misc]
        return 0

    Trial(clock, work())
    with pytest.raises(HarnessError, match="no event"):
        clock.run()


def test_a_command_tells_its_output_as_it_comes() -> None:
    told: list[tuple[str, str]] = []
    process = Process(7, 1, 7, 7, "pilot", "pilot-1", ("x",), 0.0)
    running = Running(Clock(epoch=EPOCH), process)
    command = Command(("x",), {}, on_output=lambda stream, text: told.append((stream, text)))
    out, err = running.writers(command)
    out("a")
    err("b")
    assert [("stdout", "a"), ("stderr", "b")] == told
    running.end(0, 0)
    assert running.finished is not None
    assert ("a", "b") == (running.finished.stdout, running.finished.stderr)


def test_errors_can_be_merged_into_the_output() -> None:
    process = Process(7, 1, 7, 7, "pilot", "pilot-1", ("x",), 0.0)
    running = Running(Clock(epoch=EPOCH), process)
    out, err = running.writers(Command(("x",), {}, merge_stderr=True))
    out("a")
    err("b")
    assert ("ab", "") == (running.stdout, running.stderr)


def test_done_can_be_asked_for_after_the_end() -> None:
    clock = Clock(epoch=EPOCH)
    running = Running(clock, Process(7, 1, 7, 7, "pilot", "pilot-1", ("x",), 0.0))
    running.end(3, 0)
    end = clock.run(running.done)
    assert running.finished == end


def test_without_holders_the_output_is_drained_at_the_end() -> None:
    running = Running(Clock(epoch=EPOCH), Process(7, 1, 7, 7, "pilot", "pilot-1", ("x",), 0.0))
    drained = running.drained
    running.end(0, 0)
    assert drained.triggered


def test_the_output_is_drained_when_its_last_holder_is_gone() -> None:
    clock = Clock(epoch=EPOCH)
    running = Running(clock, Process(7, 1, 7, 7, "pilot", "pilot-1", ("x",), 0.0))
    drained = running.drained
    running.hold()
    running.end(0, 0)
    assert not drained.triggered
    running.release()
    assert drained.triggered
