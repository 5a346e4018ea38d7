"""The hub alone: its order, its memory of strands, and what it does with those that spin."""

from __future__ import annotations

import math
from typing import Any

import pytest

from guest.hub import SPIN_S
from guest.hub import SPIN_S_MAX
from guest.hub import SPINS_MAX
from guest.hub import STRANDS_KEPT
from guest.hub import SWITCHES_MAX
from guest.hub import Hub


class Host:
    """A host that never interferes, and keeps what it is told."""

    def __init__(self) -> None:
        self.notes: list[tuple[str, dict[str, Any]]] = []

    def note(self, what: str, **fields: Any) -> None:
        self.notes.append((what, fields))

    def idle(self, deadline: float | None) -> None:
        raise AssertionError(f"nothing is to be waited for, not even {deadline}")


@pytest.fixture
def hub() -> Any:
    """Return a hub that may go on for ever."""
    made = Hub(epoch=1_772_352_000.0, start=0.0, host=Host())  # type: ignore[no-untyped-call]
    made.until, made.root.ident = math.inf, 1000
    return made


def test_all_that_is_due_is_released_before_any_of_it_runs(hub: Any) -> None:
    seen = []

    def work(name: str) -> None:
        hub.sleep(5)
        seen.append((name, len(hub.ready)))
        if len(seen) == 3:
            hub.over = 0

    for name in "abc":
        hub.spawn(lambda name=name: work(name))
    hub.run()
    assert [("a", 2), ("b", 1), ("c", 0)] == seen


def test_strands_are_kept_while_they_live_and_forgotten_when_they_have_ended(hub: Any) -> None:
    def many() -> None:
        for _ in range(20 * STRANDS_KEPT):
            hub.spawn(lambda: None)
            hub.sleep(1)
        hub.over = 0

    hub.spawn(lambda: hub.wait(hub.waiter()))  # for ever; nobody else refers to it
    hub.spawn(many)
    hub.run()
    assert len(hub.alive) <= 2 * STRANDS_KEPT
    assert [1001] == [each.ident for each in hub.alive if not each.dead]


def test_time_goes_on_for_what_only_switches_twice_as_far_each_time(hub: Any) -> None:
    steps = []

    def spin() -> None:
        before = hub.now
        while len(steps) < 15:
            hub.sleep(0)
            if hub.now > before + SPIN_S / 2:
                steps.append(hub.now - before)
                before = hub.now
        hub.over = 0

    hub.spawn(spin)
    hub.run()
    expect = [min(SPIN_S * 2**number, SPIN_S_MAX) for number in range(15)]
    assert pytest.approx(expect, abs=1e-5) == steps
    (note,) = hub.host.notes
    assert f"{SWITCHES_MAX} switches at one instant" in note[1]["text"]


def test_who_spins_now_and_then_begins_anew_each_time(hub: Any) -> None:
    hub.now = 10.0
    assert [SPIN_S, 2 * SPIN_S] == [hub.spin_s("reads"), hub.spin_s("reads")]
    hub.now = 20.0
    assert SPIN_S == hub.spin_s("reads")


def test_what_never_stops_spinning_is_given_up(hub: Any) -> None:
    given_up = []
    hub.give_up = given_up.append
    for _ in range(SPINS_MAX):
        hub.spin_s("reads")
    assert [] == given_up
    hub.spin_s("reads")
    assert given_up[0].startswith(f"busy: reads at one instant, {SPINS_MAX} times in a row; ")


def test_the_hub_itself_cannot_wait(hub: Any) -> None:
    for wait in (hub.waiter, lambda: hub.sleep(1)):
        with pytest.raises(RuntimeError, match="hub cannot block"):
            wait()
