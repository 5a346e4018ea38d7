"""Strands, flags and attendants on a clock."""

from __future__ import annotations

from typing import Iterator

import pytest

from harness.inprocess.core import OnHub
from harness.inprocess.hub import Hub
from simkernel import Clock


@pytest.fixture
def hub() -> Hub:
    return Hub(Clock(epoch=1000.0))


def test_a_wait_ends_when_the_flag_is_set_or_the_time_is_over(hub: Hub) -> None:
    platform, seen = OnHub(hub), []
    flag = platform.flag()

    def wait() -> None:
        seen.append((flag.wait(5.0), platform.monotonic()))
        seen.append((flag.wait(100.0), platform.monotonic()))
        seen.append((flag.wait(), platform.monotonic()))

    platform.spawn(wait, name="w")
    hub.at(20.0, lambda _moment: flag.set())
    hub.clock.run()
    assert [(False, 5.0), (True, 20.0), (True, 20.0)] == seen
    assert 1020.0 <= platform.now()


def test_what_is_spawned_goes_on_beside_and_can_be_joined(hub: Hub) -> None:
    platform, seen = OnHub(hub), []

    def slow() -> None:
        platform.flag().wait(3.0)
        seen.append("slow")

    def first() -> None:
        task = platform.spawn(slow, name="s")
        seen.append("first")
        task.join(1.0)
        seen.append(platform.monotonic())
        task.join()
        task.join(9.0)
        seen.append(platform.monotonic())

    platform.spawn(first, name="f")
    hub.clock.run()
    assert ["first", 1.0, "slow", 3.0] == seen


def test_an_attendant_pauses_as_long_as_it_says_or_until_it_is_woken(hub: Hub) -> None:
    platform, seen = OnHub(hub), []
    wake = platform.flag()

    def work() -> Iterator[float | None]:
        for pause_s in (10.0, 100.0, None):
            seen.append(platform.monotonic())
            platform.flag().wait(1.0)
            yield pause_s
            wake.clear()
        seen.append(platform.monotonic())

    task = platform.attend(work, wake=wake, name="a")
    platform.spawn(lambda: (task.join(), seen.append("joined"))[1], name="j")
    hub.at(31.0, lambda _moment: wake.set())
    hub.at(77.0, lambda _moment: wake.set())
    hub.clock.run()
    assert [0.0, 11.0, 31.0, 77.0, "joined"] == seen


def test_a_call_is_made_on_the_hub_and_its_error_is_the_strands(hub: Hub) -> None:
    seen: list[object] = []

    def work() -> None:
        seen.append(hub.call(2.0, lambda: hub.clock.now))
        try:
            hub.call(2.0, lambda: 1 // 0)
        except ZeroDivisionError:
            seen.append(hub.clock.now)

    hub.spawn(work)
    hub.clock.run()
    assert [2.0, 4.0] == seen


@pytest.mark.parametrize("exact", [True, False])
def test_a_limit_that_is_later_than_the_timer_is_still_kept(exact: bool) -> None:
    hub = Hub(Clock(epoch=0.0), exact=exact)
    seen: list[tuple[bool, float]] = []
    flags = [OnHub(hub).flag() for _ in range(3)]

    def work() -> None:
        for flag, limit in zip(flags, (60.0, 100.0, 5.0), strict=True):
            seen.append((flag.wait(limit), round(hub.clock.now, 3)))

    hub.spawn(work)
    hub.at(1.0, lambda _moment: flags[0].set())
    hub.clock.run()
    assert [(True, 1.0), (False, 101.0), (False, 106.0)] == seen


def test_an_exact_hub_serves_waits_in_the_order_in_which_they_began() -> None:
    hub, seen = Hub(Clock(epoch=0.0), exact=True), []

    def early() -> None:
        flag = OnHub(hub).flag()
        hub.at(1.0, lambda _moment: flag.set())
        flag.wait(50.0)
        OnHub(hub).flag().wait(99.0)
        seen.append("early")

    def late() -> None:
        OnHub(hub).flag().wait(90.0)
        OnHub(hub).flag().wait(10.0)
        seen.append("late")

    hub.spawn(early)
    hub.spawn(late)
    hub.clock.run()
    assert ["early", "late"] == seen


@pytest.mark.parametrize(("exact", "order"), [(True, "b a"), (False, "a b")])
def test_on_an_exact_hub_who_starts_another_goes_on_after_it_has_begun(
    exact: bool, order: str
) -> None:
    hub, seen = Hub(Clock(epoch=0.0), exact=exact), []

    def work() -> None:
        hub.spawn(lambda: seen.append("b"))
        seen.append("a")

    hub.spawn(work)
    hub.clock.run()
    assert order == " ".join(seen)


def test_who_is_suspended_goes_on_late(hub: Hub) -> None:
    seen: list[float] = []

    def work() -> None:
        for _ in range(2):
            OnHub(hub).flag().wait(10.0)
            seen.append(hub.clock.now)

    hub.spawn(work)
    hub.at(5.0, lambda _moment: hub.suspend())
    hub.at(40.0, lambda _moment: hub.go_on())
    hub.clock.run()
    assert [40.0, 50.0] == seen


def test_who_has_ended_does_nothing_more_not_even_tidy_up(hub: Hub) -> None:
    seen: list[str] = []

    def work() -> None:
        try:
            OnHub(hub).flag().wait(10.0)
        finally:
            seen.append("tidy")

    hub.spawn(work)
    hub.at(5.0, lambda _moment: hub.end())
    hub.clock.run()
    assert [] == seen


def test_an_error_of_a_strand_ends_the_run(hub: Hub) -> None:
    hub.spawn(lambda: 1 // 0)  # type: ignore[arg-type, return-value]
    with pytest.raises(ZeroDivisionError):
        hub.clock.run()


def test_hubs_go_in_their_order_after_the_world() -> None:
    clock, seen = Clock(epoch=0.0), []
    second, first = Hub(clock, order=1), Hub(clock, order=0)
    for name, hub in (("second", second), ("first", first)):
        hub.at(1.0, lambda _moment, name=name: seen.append(name))
    clock.timeout(1.0).callbacks.append(lambda _event: seen.append("world"))
    clock.run()
    assert ["world", "first", "second"] == seen
