"""What each fault of the network does to a connection."""

from __future__ import annotations

import pytest

from simkernel import NetError
from tests.harness.faults.tiny_world import SERVER
from tests.harness.faults.tiny_world import TinyWorld
from tests.harness.faults.tiny_world import Work


@pytest.mark.parametrize(
    ("do", "kind", "least_s", "most_s"),
    [
        ("refuse", "refused", 0, 0),
        ("dns_failure", "dns", 0, 0),
        ("black_hole", "timeout", 127, 127),
        ("reset", "reset", 0.01, 0.02),
    ],
)
def test_a_connection_fails_in_its_own_way(
    do: str, kind: str, least_s: float, most_s: float, world: TinyWorld
) -> None:
    world.install(do, on=f"net.{SERVER}")
    outcome = world.do(world.fetch())
    assert isinstance(outcome.error, NetError)
    assert (kind, 0) == (outcome.error.kind, world.server.effects)
    assert outcome.ended_at is not None
    assert least_s <= outcome.ended_at <= most_s


def test_the_patience_with_a_black_hole_can_be_set(world: TinyWorld) -> None:
    world.install("black_hole", on=f"net.{SERVER}", options={"limit": "20s"})
    assert world.do(world.fetch()).ended_at == 20.0


def test_a_hanging_host_never_answers(world: TinyWorld) -> None:
    world.install("hang", on=f"net.{SERVER}")
    assert world.do(world.fetch(), until=86_400).ended_at is None


def test_a_delayed_connection_works(world: TinyWorld) -> None:
    world.install("delay", on=f"net.{SERVER}", options={"delay": "30s"})
    outcome = world.do(world.fetch())
    assert (outcome.result.status, world.server.effects) == (200, 1)
    assert 31 <= (outcome.ended_at or 0) <= 32


def test_another_host_is_left_alone(world: TinyWorld) -> None:
    world.install("refuse", on="net.se.bnl.sim")
    assert world.do(world.fetch()).result.status == 200


def passing(world: TinyWorld, *call: object) -> object:
    """Let *call* pass the server's point; return the error that it meets, or None."""
    work = world.points.around(f"net.{SERVER}", call, nothing)
    return world.do(work, until=world.clock.now + 1000).error


def nothing() -> Work:
    """Do nothing, in no time."""
    yield from ()


def test_a_name_is_not_resolved_by_whoever_asks_for_it(world: TinyWorld) -> None:
    world.install("dns_failure", on=f"net.{SERVER}")
    assert passing(world, "resolve", "wn001", SERVER) is not None
    assert passing(world, "connect", "wn001", SERVER, 443) is not None
    assert passing(world, "connect", "wn001", "10.0.0.3", 443) is None
    assert passing(world, "connect", "wn001", "fd00::3", 443) is None
    assert [number for _, number in world.fired()] == [1, 2]


@pytest.mark.parametrize("do", ["refuse", "black_hole", "reset", "hang", "delay"])
def test_other_faults_neither_hit_nor_count_look_ups(do: str, world: TinyWorld) -> None:
    world.install(do, on=f"net.{SERVER}")
    assert passing(world, "resolve", "wn001", SERVER) is None
    assert world.fired() == []
