"""The conductor serves the earliest first, and finds whoever acts in another's past."""

from __future__ import annotations

import math
from typing import Any
from typing import Callable
from typing import cast

import pytest

from harness.answers import Answers
from harness.conductor import Conductor
from harness.guests import GuestProcess
from harness.seat import SAID_MAX
from harness.seat import Seat
from simkernel import Clock
from simkernel import Event
from simkernel import Journal

Message = dict[str, Any]
NOTHING = {"words": "", "cycles": [], "stacks": ""}


class Guest:
    """A guest that says what a script tells it, and keeps what it was granted."""

    def __init__(self, name: str, script: list[Message], *, trouble: Message | None = None) -> None:
        self.name = name
        self.script = script
        self.trouble = trouble or NOTHING
        self.next = self.at = 0.0
        self.over = self.covered = False
        self.items: list[Message] = []
        self.grants: list[tuple[float, float]] = []

    def receive(self) -> Message:
        return self.script.pop(0)

    def resume(self, *, now: float, until: float, state: Message) -> None:
        self.items.clear()
        self.grants.append((now, until))

    def send(self, message: Message) -> None:
        self.grants.append((self.at, message["until"]))

    def post(self, item: Message, *, now: float) -> None:
        self.items.append(item)
        self.next = min(self.next, now)

    def look(self, at: list[str]) -> Message:
        return {"trouble": self.trouble, "coverage": {}}

    def end(self) -> None:
        self.over, self.next = True, math.inf


class World:
    """What a conductor needs of one: a clock, a journal, answers that say yes."""

    def __init__(self) -> None:
        self.clock = Clock(epoch=0.0)
        self.journal = Journal(lambda: self.clock.now)
        self.caller = self
        self.standing = self
        self.ended: list[str] = []

    def answer(self, kind: str, args: Message) -> Message:
        return {"result": None}

    def state(self) -> Message:
        return {}

    def is_apart(self) -> bool:
        return False

    def close(self) -> None:
        pass

    def fly(self, *guests: Guest, **options: Any) -> str:
        conductor = Conductor(self.clock, self.journal, **{"horizon_s": 1000.0, **options})
        for guest in guests:
            ended = cast(Callable[[int, int], None], lambda *_, name=guest.name: self._end(name))
            seat = Seat(cast(GuestProcess, guest), cast(Answers, self), ended=ended)
            conductor.seat(seat)
        return conductor.run(lambda: all(guest.over for guest in guests))

    def stuck(self) -> list[Event]:
        return [event for event in self.journal.events if event.what == "guest.stuck"]

    def _end(self, name: str) -> None:
        self.ended.append(f"{name} {self.clock.now:g}")


def idle(t: float, deadline: float | None) -> Message:
    return {"m": "idle", "t": t, "next": deadline}


def ask(t: float) -> Message:
    return {"m": "ask", "t": t, "kind": "file", "args": {}}


def leave(t: float) -> Message:
    return {"m": "exit", "t": t, "code": 0, "signal": 0}


@pytest.fixture
def world() -> World:
    """Return a world without a guest."""
    return World()


def test_the_earliest_goes_first_and_ties_go_by_the_order_of_the_start(world: World) -> None:
    late = Guest("late", [idle(0, 7), leave(7)])
    first = Guest("first", [idle(0, 5), leave(5)])
    second = Guest("second", [idle(0, 5), leave(5)])
    assert "complete" == world.fly(late, first, second)
    assert ["first 5", "second 5", "late 7"] == world.ended


def test_a_guest_is_granted_time_up_to_what_comes_next_elsewhere(world: World) -> None:
    one = Guest("one", [idle(0, 3), idle(3, 20), leave(20)])
    other = Guest("other", [idle(0, 8), idle(8, None)])
    world.clock.timeout(12)
    world.fly(one, other, horizon_s=50.0)
    assert [(3, 8), (20, 50)] == one.grants
    assert [(8, 12)] == other.grants


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ([idle(0, 5), ask(6), ask(5.5)], "speaks of 5.5 s where it was at 6 s"),
        ([idle(0, 5), ask(5), ask(9)], "speaks of 9 s where it was at 5 s and may go to 8"),
        ([ask(1)], "speaks of 1 s where it was at 0.0 s"),
    ],
    ids=["back", "beyond-the-grant", "before-any-grant"],
)
def test_a_guest_that_acts_out_of_its_time_is_found(
    world: World, script: list[Message], said: str
) -> None:
    world.clock.timeout(8)
    assert "stuck" == world.fly(Guest("liar", script))
    (event,) = world.stuck()
    assert event["why"].startswith("conservative time is broken: liar")
    assert said in event["why"]


def test_an_event_of_the_world_in_a_guests_past_is_found(world: World) -> None:
    def act() -> Any:
        yield world.clock.timeout(3)
        world.clock.carry_to(6)

    world.clock.process(act())
    world.clock.timeout(5)
    with pytest.raises(ValueError, match=r"an event at 5.0 s lies before 6 s"):
        world.fly(Guest("guest", [idle(0, 9)]))


def test_a_guest_that_asks_for_ever_at_one_instant_is_stuck(world: World) -> None:
    guest = Guest("asker", [ask(0) for _ in range(SAID_MAX + 2)])
    assert "stuck" == world.fly(guest)
    assert [f"busy: {SAID_MAX} questions at one instant"] == [e["why"] for e in world.stuck()]


def test_when_nobody_will_ever_do_anything_again_the_waits_are_told(world: World) -> None:
    trouble = {"words": "MainThread waits in Queue.get at x.py:1", "cycles": [], "stacks": "all"}
    assert "deadlock" == world.fly(Guest("guest", [idle(0, None)], trouble=trouble))
    (event,) = world.stuck()
    assert ("deadlock: MainThread waits in Queue.get at x.py:1", "all") == (
        event["why"],
        event["stacks"],
    )


def test_a_ring_of_threads_is_found_at_the_horizon_though_others_go_on(world: World) -> None:
    trouble = {"words": "much", "cycles": ["a waits for b; b waits for a"], "stacks": "all"}
    polling = Guest("guest", [idle(0, 2000)], trouble=trouble)
    assert "horizon" == world.fly(polling)
    assert ["deadlock: a waits for b; b waits for a"] == [event["why"] for event in world.stuck()]


def test_a_flight_is_stopped_before_anything_at_that_instant(world: World) -> None:
    guest = Guest("guest", [idle(0, 30), idle(30, 60)])
    assert "until" == world.fly(guest, stop_s=45.0)
    assert (45.0, ["asked"]) == (world.clock.now, [event["why"] for event in world.stuck()])


def test_a_debugger_is_entered_at_that_instant_and_the_flight_goes_on(world: World) -> None:
    guest = Guest("guest", [idle(0, 60), idle(45, 60), leave(60)])
    assert "complete" == world.fly(guest, stop_s=45.0, debugs=True)
    assert [45.0, 60] == [now for now, _ in guest.grants]
    assert ["guest 60"] == world.ended


def test_whoever_quits_the_debugger_ends_the_flight(world: World) -> None:
    note = {"m": "note", "t": 0, "what": "quit", "fields": {}}
    assert "stopped: by the debugger" == world.fly(Guest("guest", [note]))
