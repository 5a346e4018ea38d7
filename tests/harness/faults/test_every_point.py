"""Every kind of fault at every point it fits: a world that is hit, and one that is not.

Faults of calls are tried in test_call_faults.py, those of state, by their names, in
test_state_faults.py. Here is what is left: the other points of the same names, and the table that
fails when a kind or a point is added and nobody tries it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.faults import known_faults
from harness.triggers import Trigger
from tests.harness.faults.test_call_faults import CASES
from tests.harness.faults.test_state_faults import AT_ONCE
from tests.harness.faults.test_state_faults import LATER
from tests.harness.faults.test_state_faults import started
from tests.harness.faults.test_state_faults import state
from tests.harness.faults.tiny_world import TinyWorld

FAMILIES = ("batch", "credential", "door", "node", "queuedata", "tool")
# The point, as its kind has it, and one point of the world that it fits.
OTHERS = {
    ("expired", "credential.voms"): "credential.voms",
    ("voms_expired", "credential.proxy"): "credential.proxy",
    ("short", "credential.voms"): "credential.voms",
    ("missing", "queuedata.*"): "queuedata.status",
    **{(do, f"node.{part}"): f"node.{part}"
       for do in ("gone", "hang") for part in ("apps", "certificates", "shm")},
}  # fmt: skip
STARTS = ("delay", "hold", "no_start")


def tried() -> set[tuple[str, str]]:
    """Return the kinds that tests see strike and not strike, each with its point."""
    pairs = {*OTHERS, *LATER.items(), *((do, "batch.start") for do in STARTS)}
    pairs.add(("lost", "batch.output"))
    for do, on in AT_ONCE.items():
        family = on.partition(".")[0]
        pairs.add((do, "queuedata.*" if family == "queuedata" else on))
    for case in CASES:
        fitting = [kind for kind in known_faults() if kind.name == case.do and kind.fits(case.on)]
        family = f"{case.on.partition('.')[0]}.*"
        pairs |= {(case.do, on) for kind in fitting for on in kind.on if on in (case.on, family)}
    return pairs


def test_each_kind_is_tried_at_each_point_that_it_fits() -> None:
    known = {
        (kind.name, on)
        for kind in known_faults()
        for on in kind.on
        if on.partition(".")[0] in FAMILIES
    }
    assert known - tried() == set()
    assert set(OTHERS) <= known


@pytest.mark.parametrize(("pair", "on"), OTHERS.items(), ids=lambda each: str(each))
def test_it_strikes_at_its_time_and_not_before(
    pair: tuple[str, str], on: str, world: TinyWorld
) -> None:
    before = state(world)
    world.install(pair[0], on=on, at=Trigger(after_s=600.0))
    world.clock.run(599.0)
    assert (before, []) == (state(world), world.fired())
    world.clock.run(601.0)
    assert (before != state(world), world.fired()) == (True, [(600.0, 1)])


@pytest.mark.parametrize(("pair", "on"), OTHERS.items(), ids=lambda each: str(each))
def test_with_probability_zero_nothing_changes(
    pair: tuple[str, str], on: str, tmp_path: Path
) -> None:
    plain, faulty = TinyWorld(tmp_path / "plain"), TinyWorld(tmp_path / "faulty")
    faulty.install(pair[0], on=on, at=Trigger(after_s=600.0, p=0.0))
    for world in (plain, faulty):
        world.clock.run(1200.0)
    assert (state(plain), plain.text.getvalue()) == (state(faulty), faulty.text.getvalue())


@pytest.mark.parametrize("do", STARTS)
def test_only_the_start_that_is_meant_is_hit(do: str, world: TinyWorld, tmp_path: Path) -> None:
    world.install(do, on="batch.start", at=Trigger(call=2))
    # Ten minutes, or for ever: the first is at its time whatever becomes of the second.
    assert started(world, "pilot-1", "pilot-2")[0] == (30.0, "pilot-1")
    assert [call for _, call in world.fired()] == [2]
    assert started(TinyWorld(tmp_path / "plain"), "pilot-1", "pilot-2") == [
        (30.0, "pilot-1"),
        (30.0, "pilot-2"),
    ]
