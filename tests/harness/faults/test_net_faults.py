"""What each fault of the network does to a connection."""

from __future__ import annotations

import pytest

from harness.faults import known_faults
from simkernel import NetError
from simkernel import Request
from simkernel import Response
from simkernel import ScenarioError
from simkernel.network import Service
from simkernel.network import VerifyError
from simkernel.tls import Greeting
from simkernel.tls import Hello
from tests.harness.faults.tiny_world import SERVER
from tests.harness.faults.tiny_world import TinyWorld
from tests.harness.faults.tiny_world import Work


@pytest.mark.parametrize(
    ("do", "kind", "least_s", "most_s"),
    [
        ("refuse", "refused", 0, 0),
        ("unreachable", "unreachable", 0, 0),
        ("dns_failure", "dns", 0, 0),
        ("dns_unknown", "dns", 0, 0),
        ("dns_timeout", "dns", 10, 10),
        ("black_hole", "timeout", 127, 127),
        ("stall", "timeout", 924.6, 924.7),
        ("reset", "reset", 0.01, 0.02),
        ("empty_answer", "closed", 0.01, 0.02),
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


OTHERS = (
    "bad_certificate",
    "black_hole",
    "dead_address",
    "delay",
    "drip",
    "empty_answer",
    "hang",
    "ipv6_black_hole",
    "no_ipv6",
    "refuse",
    "reset",
    "stall",
    "truncate",
    "unreachable",
)


@pytest.mark.parametrize("do", OTHERS)
def test_other_faults_neither_hit_nor_count_look_ups(do: str, world: TinyWorld) -> None:
    world.install(do, on=f"net.{SERVER}")
    assert passing(world, "resolve", "wn001", SERVER) is None
    assert world.fired() == []


def test_every_fault_of_the_network_has_its_test() -> None:
    kinds = {kind.name for kind in known_faults() if "net.*" in kind.on}
    assert {*OTHERS, "dns_failure", "dns_timeout", "dns_unknown"} == kinds


@pytest.mark.parametrize(("do", "number"), [("dns_failure", -3), ("dns_timeout", -3)])
def test_a_name_server_in_trouble_may_be_asked_again(
    do: str, number: int, world: TinyWorld
) -> None:
    world.install(do, on=f"net.{SERVER}")
    error = passing(world, "resolve", "wn001", SERVER)
    assert isinstance(error, NetError)
    assert number == error.errno


def test_an_answer_is_truncated_where_the_scenario_says(world: TinyWorld) -> None:
    world.install("truncate", on=f"net.{SERVER}", options={"fraction": 0.1})
    response = world.do(world.fetch()).result
    whole = world.server.body
    assert (True, whole[: len(whole) // 10]) == (response.cut, response.sent)
    assert 1 == world.server.effects


def test_an_answer_may_be_torn_after_it_took_effect(world: TinyWorld) -> None:
    world.install("reset", on=f"net.{SERVER}", options={"during": "answer"})
    response = world.do(world.fetch()).result
    assert (True, True, 1) == (response.cut, response.reset, world.server.effects)


def test_an_answer_drips_at_the_rate_of_the_scenario(world: TinyWorld) -> None:
    world.install("drip", on=f"net.{SERVER}", options={"rate": "5 B"})
    assert 5 == world.do(world.fetch()).result.pace


@pytest.mark.parametrize(
    ("do", "options"),
    [
        ("bad_certificate", {"flaw": "expird"}),
        ("drip", {"rate": "0 B"}),
        ("reset", {"during": "dinner"}),
        ("truncate", {"fraction": 1.0}),
    ],
)
def test_what_makes_no_sense_is_refused(
    do: str, options: dict[str, object], world: TinyWorld
) -> None:
    with pytest.raises(ScenarioError):
        world.install(do, on=f"net.{SERVER}", options=options)


@pytest.mark.parametrize("do", ["ipv6_black_hole", "no_ipv6"])
def test_ipv6_fails_and_ipv4_works(do: str, world: TinyWorld) -> None:
    assert (world.network.resolve(SERVER, who="me"),) == world.network.addresses(SERVER, who="me")
    world.install(do, on=f"net.{SERVER}")
    six, four = world.network.addresses(SERVER, who="me")
    assert (":" in six, ":" in four) == (True, False)
    assert passing(world, "connect", "wn001", six, 443) is not None
    assert passing(world, "connect", "wn001", four, 443) is None


def test_the_first_of_two_addresses_is_dead(world: TinyWorld) -> None:
    world.install("dead_address", on="net.*", options={"limit": "3s"})
    dead, alive = world.network.addresses(SERVER, who="me")
    assert passing(world, "connect", "wn001", dead, 443) is not None
    assert passing(world, "connect", "wn001", alive, 443) is None
    assert alive == world.network.resolve(SERVER, who="me")


@pytest.mark.parametrize(
    ("flaw", "verify", "check_name", "trusted"),
    [
        ("expired", True, True, False),
        ("expired", False, False, True),
        ("wrong_host", True, True, False),
        ("wrong_host", True, False, True),
        ("unknown_ca", True, False, False),
    ],
)
def test_only_who_looks_at_a_certificate_minds(
    flaw: str, verify: bool, check_name: bool, trusted: bool, world: TinyWorld
) -> None:
    world.install("bad_certificate", on=f"net.{SERVER}", options={"flaw": flaw})
    world.network.listen(SERVER, 443, Service(nothing_served, lambda hello: Greeting()))
    work = world.network.connect("wn001", SERVER, 443, who="pilot-1")
    service = world.do(work, until=world.clock.now + 1000).result
    hello = Hello(SERVER, verify=verify, check_name=check_name)
    if trusted:
        greeting = service.greet(hello)
        assert (Greeting().alert, True) == (greeting.alert, bool(greeting.der))
    else:
        with pytest.raises(VerifyError):
            service.greet(hello)


def nothing_served(request: Request) -> Work:
    """Serve nothing."""
    yield from ()
    return Response(200)
