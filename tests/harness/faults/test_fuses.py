"""When a fault strikes in a world: calls, time, phases, chance."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.faults import install_faults
from harness.phases import follow
from harness.scenario import FaultPlan
from harness.triggers import Trigger
from tests.harness.faults.tiny_world import TinyCall
from tests.harness.faults.tiny_world import TinyWorld


def struck(world: TinyWorld, *, calls: int, gap_s: float = 100.0) -> list[int]:
    """Run dccp *calls* times, *gap_s* apart; return the numbers of the calls that were hit."""
    for _ in range(calls):
        world.do(world.tool(world.call("dccp", "a", "b")), until=world.clock.now + gap_s)
    return [number for _, number in world.fired()]


@pytest.mark.parametrize(
    ("at", "expect"),
    [
        (Trigger(), [1, 2, 3, 4, 5, 6]),
        (Trigger(call=3), [3]),
        (Trigger(every=2), [2, 4, 6]),
        (Trigger(times=2), [1, 2]),
        (Trigger(every=2, times=2), [2, 4]),
        (Trigger(after_s=250.0), [4, 5, 6]),
        (Trigger(after_s=250.0, call=2), [5]),
        (Trigger(after_s=300.0), [4, 5, 6]),
        (Trigger(call=2, every=3), [2, 5]),
        (Trigger(call=5, every=2), [5]),
        (Trigger(p=1.0), [1, 2, 3, 4, 5, 6]),
        (Trigger(p=0.0), []),
    ],
)
def test_a_script_says_exactly_which_calls(
    at: Trigger, expect: list[int], world: TinyWorld
) -> None:
    world.install("noise", on="tool.dccp", at=at)
    assert expect == struck(world, calls=6)


def test_what_fired_names_the_fault_its_point_and_the_pilot(world: TinyWorld) -> None:
    world.install("noise", on="tool.*", at=Trigger(call=1))
    struck(world, calls=1)
    event = next(each for each in world.journal.events if each.what == "fault.fired")
    expect = {"fault": "1/noise", "on": "tool.*", "do": "noise", "call": 1}
    assert ("pilot-1", expect) == (event.who, dict(event.data))


def test_chance_is_the_seeds(tmp_path: Path) -> None:
    def drawn(seed: int, folder: str) -> list[int]:
        world = TinyWorld(tmp_path / folder, seed=seed)
        world.install("noise", on="tool.dccp", at=Trigger(p=0.3))
        return struck(world, calls=60)

    first = drawn(1, "a")
    assert first == drawn(1, "b")
    assert first != drawn(2, "c")
    assert 5 <= len(first) <= 35


def test_the_number_of_a_drawn_call_replays_it(tmp_path: Path) -> None:
    drawn = TinyWorld(tmp_path / "drawn")
    drawn.install("noise", on="tool.dccp", at=Trigger(p=0.1, after_s=500.0, times=1))
    numbers = struck(drawn, calls=60)
    scripted = TinyWorld(tmp_path / "scripted")
    scripted.install("noise", on="tool.dccp", at=Trigger(call=numbers[0]))
    assert (1, numbers) == (len(numbers), struck(scripted, calls=60))


def test_a_call_fires_in_its_pilots_phase_only(world: TinyWorld) -> None:
    world.install("noise", on="tool.dccp", at=Trigger(phase="get-job", call=1))
    world.launch("pilot-2")
    assert struck(world, calls=2) == []
    world.launch("pilot-1")
    assert struck(world, calls=2) == [3]


def test_after_counts_from_the_beginning_of_the_phase(world: TinyWorld) -> None:
    world.install("noise", on="tool.dccp", at=Trigger(phase="get-job", after_s=150.0))
    world.clock.run(1000.0)
    world.launch("pilot-1")
    assert struck(world, calls=4) == [3, 4]


def test_a_call_of_nobody_counts_in_any_pilots_phase(world: TinyWorld) -> None:
    world.install("refuse", on="net.*", at=Trigger(phase="get-job"))
    assert world.do(world.fetch(), until=10.0).result.status == 200
    world.launch("pilot-2")
    assert getattr(world.do(world.fetch(), until=20.0).error, "kind", "") == "refused"


def test_a_call_of_nobody_counts_from_when_the_first_pilot_entered_the_phase(
    world: TinyWorld,
) -> None:
    world.install("refuse", on="net.*", at=Trigger(phase="get-job", after_s=60.0))
    world.launch("pilot-1")
    world.clock.run(50.0)
    world.launch("pilot-2")
    assert world.do(world.fetch(), until=59.0).error is None
    world.clock.run(60.0)
    assert world.do(world.fetch(), until=70.0).error is not None


def test_a_phase_that_began_at_an_odd_instant_has_begun(world: TinyWorld) -> None:
    world.clock.run(0.30000051)
    world.install("noise", on="tool.dccp", at=Trigger(phase="get-job"))
    world.launch("pilot-1")
    assert struck(world, calls=1) == [1]


@pytest.mark.parametrize("begin_s", [0.1 + 0.2, 1 / 3, 1e5 / 7, 86_400.0000005])
@pytest.mark.parametrize("after_s", [0.0, 1 / 3, 60.0, 7200.1])
def test_no_odd_instant_is_lost_to_rounding(
    begin_s: float, after_s: float, world: TinyWorld
) -> None:
    world.clock.run(begin_s)
    world.install("disk_full", on="node.disk", at=Trigger(phase="get-job", after_s=after_s))
    world.install("disk_full", on="node.disk", at=Trigger(after_s=begin_s + after_s))
    world.launch("pilot-1")
    world.clock.run(begin_s + after_s + 1.0)
    assert [round(at - begin_s - after_s, 5) for at, _ in world.fired()] == [0.0, 0.0]


def test_state_changes_once_a_phase_and_as_often_as_asked(world: TinyWorld) -> None:
    world.install("kill", on="batch.kill", at=Trigger(phase="get-job", times=1))
    world.launch("pilot-1")
    world.launch("pilot-2")
    world.clock.run(10.0)
    assert [deed[1] for deed in world.batch.deeds] == ["pilot-1"]


def test_the_second_beginning_of_a_phase_can_be_meant(world: TinyWorld) -> None:
    world.install("kill", on="batch.kill", at=Trigger(phase="get-job", call=2))
    world.launch("pilot-1")
    world.launch("pilot-2")
    world.clock.run(10.0)
    assert [deed[1] for deed in world.batch.deeds] == ["pilot-2"]


def test_a_phase_that_ends_before_the_time_is_up_is_left_alone(world: TinyWorld) -> None:
    world.install("disk_full", on="node.disk", at=Trigger(phase="get-job", after_s=60.0))
    world.launch("pilot-1")
    world.clock.run(30.0)
    world.end("pilot-1")
    world.clock.run(3600.0)
    assert world.fired() == []


def test_a_strike_comes_after_the_event_that_caused_it(world: TinyWorld) -> None:
    heard: list[str] = []
    world.install("disk_full", on="node.disk", at=Trigger(phase="get-job"))
    world.journal.listen(lambda event: heard.append(event.what))
    world.launch("pilot-1")
    world.clock.run(1.0)
    assert heard == ["pilot.start", "fault.fired"]


def test_an_instant_in_the_past_is_now(world: TinyWorld) -> None:
    world.clock.run(100.0)
    world.install("disk_full", on="node.disk", at=Trigger(after_s=60.0))
    world.clock.run(101.0)
    assert world.fired() == [(100.0, 1)]


def test_phases_that_are_followed_already_can_be_shared(world: TinyWorld) -> None:
    phases = follow(world.journal)
    plans = [FaultPlan("batch.kill", "kill", Trigger(phase="get-job"))]
    install_faults(world, plans, phases=phases)
    world.launch("pilot-1")
    world.clock.run(1.0)
    assert len(world.batch.deeds) == 1


def test_the_first_fault_stands_outermost(world: TinyWorld) -> None:
    plans = [
        FaultPlan("tool.dccp", "noise", Trigger(), {"stderr": "outer"}),
        FaultPlan("tool.dccp", "exit", Trigger(), {"stderr": "inner", "code": 7}),
    ]
    install_faults(world, plans)
    call: TinyCall = world.call("dccp", "a", "b")
    assert world.do(world.tool(call)).result == 7
    assert call.errors == ["outer\n", "inner\n"]


def test_a_strike_waits_for_its_event_and_comes_after_it(world: TinyWorld) -> None:
    heard: list[str] = []
    # The fault's own event, then the two starts: it is the second of them that it waits for.
    world.install("kill", on="batch.kill", at=Trigger(event=world.journal.count + 2))
    world.journal.listen(lambda event: heard.append(event.what))
    world.launch("pilot-1")
    world.launch("pilot-2")
    world.clock.run(1.0)
    assert ["pilot.start", "pilot.start", "fault.fired"] == heard
    assert ["pilot-1", "pilot-2"] == [deed[1] for deed in world.batch.deeds]


def test_calls_count_only_from_the_event_on(world: TinyWorld) -> None:
    world.install("noise", on="tool.dccp", at=Trigger(event=20, call=1))
    struck(world, calls=20)
    starts = [each.n for each in world.journal.events if each.what == "process.start"]
    (fired,) = [each for each in world.journal.events if each.what == "fault.fired"]
    assert 1 < fired["call"]
    assert starts[fired["call"] - 2] < 20 <= fired.n
