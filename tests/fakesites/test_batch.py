"""Batch queues: slots, delays, limits, signals."""

from __future__ import annotations

from signal import SIGINT
from signal import SIGKILL
from signal import SIGTERM
from typing import Any
from typing import Generator

import pytest
import simpy

from fakesites.batch import BatchQueue
from fakesites.batch import BatchSpec
from simkernel import Clock
from simkernel import HarnessError
from simkernel import Journal
from simkernel import Points

Work = Generator[simpy.Event, Any, Any]


class Cluster:
    """A queue, and pilots that do nothing but die of the *deadly* signals."""

    def __init__(self, *, deadly: tuple[int, ...] = (SIGKILL,), **spec: Any) -> None:
        self.clock = Clock(epoch=0.0)
        self.journal = Journal(lambda: self.clock.now)
        self.points = Points()
        self.deadly = deadly
        self.queue = BatchQueue(
            "BNL",
            clock=self.clock,
            journal=self.journal,
            points=self.points,
            start=lambda _pilot: None,
            signal=self.die,
            spec=BatchSpec(**{"start_delay_s": 30.0, "walltime_s": 1000.0, **spec}),
        )

    def die(self, pilot: str, number: int, _reason: str) -> None:
        if number in self.deadly:
            self.queue.ended(pilot, None, number)

    def submit(self, *pilots: str) -> None:
        for pilot in pilots:
            self.queue.submit(pilot, node="wn1")

    def story(self) -> list[tuple[Any, ...]]:
        """What happened: time, event, pilot, and what else the event says."""
        known = ("pilot", "signal", "code", "reason")
        return [
            (
                event.t,
                event.what.removeprefix("batch."),
                *(event[field] for field in known if field in event.data),
            )
            for event in self.journal.events
            if event.what != "batch.submit"
        ]


def test_a_pilot_starts_after_the_delay_and_gives_its_slot_back() -> None:
    cluster = Cluster()
    cluster.submit("pilot-1")
    cluster.clock.run(until=100)
    cluster.queue.ended("pilot-1", 0)
    assert cluster.story() == [
        (30.0, "start", "pilot-1"),
        (100.0, "end", "pilot-1", 0, "exited"),
    ]


def test_a_submission_is_journaled_with_its_limits() -> None:
    cluster = Cluster()
    cluster.queue.submit("pilot-1", node="wn7", walltime_s=60.0)
    expected = {"pilot": "pilot-1", "queue": "BNL", "node": "wn7", "walltime_s": 60.0}
    assert expected == dict(cluster.journal.events[0].data)


def test_pilots_wait_for_a_slot_in_the_order_of_their_submission() -> None:
    cluster = Cluster(slots=1)
    cluster.submit("pilot-1", "pilot-2", "pilot-3")
    cluster.clock.run(until=100)
    cluster.queue.ended("pilot-1", 0)
    cluster.clock.run(until=101)
    assert [cluster.queue.state(f"pilot-{n}") for n in (2, 3)] == ["running", "waiting"]


def test_a_pilot_that_has_just_come_waits_out_its_delay_though_a_slot_is_free() -> None:
    cluster = Cluster(slots=2)
    cluster.submit("pilot-1")
    cluster.clock.run(until=25)
    cluster.submit("pilot-2")
    cluster.clock.run(until=54)
    assert cluster.queue.running() == ["pilot-1"]
    cluster.clock.run(until=56)
    assert cluster.queue.running() == ["pilot-1", "pilot-2"]


def test_the_wall_time_ends_in_sigterm_and_then_sigkill() -> None:
    cluster = Cluster(grace_s=20.0)
    cluster.submit("pilot-1")
    cluster.clock.run(until=2000)
    assert cluster.story() == [
        (30.0, "start", "pilot-1"),
        (1030.0, "signal", "pilot-1", 15, "walltime"),
        (1050.0, "signal", "pilot-1", 9, "walltime"),
        (1050.0, "end", "pilot-1", 137, "walltime"),
    ]


def test_a_pilot_that_heeds_sigterm_is_not_killed() -> None:
    cluster = Cluster(deadly=(SIGTERM, SIGKILL))
    cluster.submit("pilot-1")
    cluster.clock.run(until=2000)
    assert cluster.story()[2:] == [(1030.0, "end", "pilot-1", 143, "walltime")]


def test_a_pilot_that_ends_in_time_gets_no_signal() -> None:
    cluster = Cluster()
    cluster.submit("pilot-1")
    cluster.clock.run(until=500)
    cluster.queue.ended("pilot-1", 3)
    cluster.clock.run(until=5000)
    assert cluster.story()[1:] == [(500.0, "end", "pilot-1", 3, "exited")]


def test_a_pilot_may_have_a_wall_time_of_its_own() -> None:
    cluster = Cluster()
    cluster.queue.submit("pilot-1", node="wn1", walltime_s=10.0)
    cluster.clock.run(until=100)
    assert cluster.story()[1] == (40.0, "signal", "pilot-1", 15, "walltime")


def test_preemption_with_notice_signals_first() -> None:
    cluster = Cluster()
    cluster.submit("pilot-1")
    cluster.clock.run(until=100)
    cluster.queue.preempt("pilot-1", notice_s=60.0, signal=SIGINT)
    cluster.clock.run(until=300)
    assert cluster.story()[1:] == [
        (100.0, "signal", "pilot-1", 2, "preempted"),
        (160.0, "signal", "pilot-1", 9, "preempted"),
        (160.0, "end", "pilot-1", 137, "preempted"),
    ]


def test_preemption_without_notice_is_a_sigkill() -> None:
    cluster = Cluster()
    cluster.submit("pilot-1")
    cluster.clock.run(until=100)
    cluster.queue.preempt("pilot-1")
    cluster.clock.run(until=101)
    assert cluster.story()[1:] == [
        (100.0, "signal", "pilot-1", 9, "preempted"),
        (100.0, "end", "pilot-1", 137, "preempted"),
    ]


def test_a_held_pilot_does_not_start_until_released() -> None:
    cluster = Cluster()
    cluster.submit("pilot-1")
    cluster.queue.hold("pilot-1")
    cluster.clock.run(until=100)
    assert cluster.queue.state("pilot-1") == "held"
    cluster.queue.release("pilot-1")
    cluster.clock.run(until=131)
    assert cluster.story() == [(130.0, "start", "pilot-1")]


def test_holding_nobody_in_particular_holds_all_that_have_not_started() -> None:
    cluster = Cluster(slots=3)
    cluster.submit("pilot-1")
    cluster.clock.run(until=40)
    cluster.submit("pilot-2")
    cluster.queue.hold("")
    cluster.submit("pilot-3")
    cluster.clock.run(until=500)
    assert cluster.queue.running() == ["pilot-1"]


def test_removing_a_waiting_pilot_ends_it_without_a_start() -> None:
    cluster = Cluster()
    cluster.submit("pilot-1")
    cluster.queue.remove("pilot-1")
    cluster.clock.run(until=100)
    assert cluster.story() == [(0.0, "end", "pilot-1", None, "removed")]


def test_removing_a_running_pilot_signals_it() -> None:
    cluster = Cluster(grace_s=5.0)
    cluster.submit("pilot-1")
    cluster.clock.run(until=100)
    cluster.queue.remove("pilot-1")
    cluster.clock.run(until=200)
    assert [line[3] for line in cluster.story() if line[1] == "signal"] == [15, 9]


def test_a_signal_goes_to_a_running_pilot_only() -> None:
    cluster = Cluster()
    cluster.submit("pilot-1")
    cluster.queue.signal("pilot-1", SIGTERM, reason="test")
    cluster.clock.run(until=100)
    cluster.queue.signal("pilot-1", SIGTERM, reason="test")
    assert cluster.story()[1:] == [(100.0, "signal", "pilot-1", 15, "test")]


def test_an_end_is_noted_once() -> None:
    cluster = Cluster()
    cluster.submit("pilot-1")
    cluster.clock.run(until=100)
    cluster.queue.ended("pilot-1", 0)
    cluster.queue.ended("pilot-1", 1)
    assert len(cluster.story()) == 2


def test_a_pilot_killed_from_elsewhere_was_signalled() -> None:
    cluster = Cluster()
    cluster.submit("pilot-1")
    cluster.clock.run(until=100)
    cluster.queue.ended("pilot-1", None, SIGKILL)
    assert cluster.story()[-1] == (100.0, "end", "pilot-1", 137, "signalled")


def test_a_fault_may_keep_a_pilot_from_starting_and_the_slot_goes_to_the_next() -> None:
    cluster = Cluster(slots=1)

    def refuse_first(job: Any, proceed: Any) -> Work:
        if job.pilot != "pilot-1":
            yield from proceed()

    cluster.points.attach("batch.start", refuse_first)
    cluster.submit("pilot-1", "pilot-2")
    cluster.clock.run(until=100)
    assert (cluster.queue.state("pilot-1"), cluster.queue.running()) == ("held", ["pilot-2"])


def test_a_fault_may_start_a_pilot_twice() -> None:
    cluster = Cluster()

    def twice(_job: Any, proceed: Any) -> Work:
        yield from proceed()
        yield from proceed()

    cluster.points.attach("batch.start", twice)
    cluster.submit("pilot-1")
    cluster.clock.run(until=100)
    assert cluster.story() == [(30.0, "start", "pilot-1")] * 2


def test_a_name_is_given_once() -> None:
    cluster = Cluster()
    cluster.submit("pilot-1")
    with pytest.raises(HarnessError, match="has a pilot 'pilot-1' already"):
        cluster.submit("pilot-1")


def test_an_unknown_pilot_is_named_with_its_neighbours() -> None:
    cluster = Cluster()
    cluster.submit("pilot-1")
    with pytest.raises(HarnessError, match="did you mean pilot-1"):
        cluster.queue.preempt("pilot-2")


def test_a_pilot_that_is_run_again_starts_after_the_delay_once_more() -> None:
    cluster = Cluster()
    cluster.submit("pilot-1")
    cluster.clock.run(until=100)
    cluster.queue.rerun("pilot-1")
    cluster.clock.run(until=200)
    cluster.queue.ended("pilot-1", 0)
    assert cluster.story() == [
        (30.0, "start", "pilot-1"),
        (100.0, "signal", "pilot-1", 9, "node lost"),
        (100.0, "end", "pilot-1", 137, "node lost"),
        (130.0, "start", "pilot-1"),
        (200.0, "end", "pilot-1", 0, "exited"),
    ]


def test_past_a_limit_of_idle_pilots_the_others_are_held_back() -> None:
    cluster = Cluster(slots=1, idle_most=2)
    cluster.submit(*(f"pilot-{number}" for number in range(1, 1001)))
    assert (2, "held back") == (cluster.queue.idle(), cluster.queue.state("pilot-3"))
    for number in range(1, 6):
        cluster.clock.run(until=number * 100)
        assert cluster.queue.idle() == 2
        cluster.queue.ended(f"pilot-{number}", 0)
    sent = [event["pilot"] for event in cluster.journal.events if event.what == "batch.submit"]
    assert sent == [f"pilot-{number}" for number in range(1, 9)]


def test_without_a_limit_nobody_is_held_back() -> None:
    cluster = Cluster(slots=1)
    cluster.submit(*(f"pilot-{number}" for number in range(1, 101)))
    assert cluster.queue.idle() == 100


def test_who_is_held_back_can_be_removed() -> None:
    cluster = Cluster(slots=1, idle_most=1)
    cluster.submit("pilot-1", "pilot-2")
    cluster.queue.remove("pilot-2")
    assert cluster.queue.state("pilot-2") == "ended"
