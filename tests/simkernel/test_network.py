"""Hosts, links and services."""

from __future__ import annotations

from typing import Any
from typing import Generator

import pytest

from simkernel import Clock
from simkernel import Journal
from simkernel import NetError
from simkernel import Network
from simkernel import Points
from simkernel import Request
from simkernel import Response
from simkernel.network import DNS_S
from simkernel.network import AlertError
from simkernel.network import Link
from simkernel.network import Service
from simkernel.network import greet
from simkernel.tls import Greeting
from simkernel.tls import Hello


class World:
    def __init__(self) -> None:
        self.clock = Clock(epoch=0.0)
        self.journal = Journal(lambda: self.clock.now)
        self.network = Network(self.clock, self.journal, Points())
        self.network.add_host("node")
        self.network.add_host("server.sim", aliases=("alias.sim",))
        self.network.link("node", "server.sim", Link(latency_s=1.0, bandwidth=100.0))
        self.network.listen("server.sim", 80, Service(self.echo))

    def echo(self, request: Request) -> Generator[Any, Any, Response]:
        yield self.clock.timeout(5)
        return Response(200, body=request.body)

    def fetch(self, host: str, port: int = 80, body: bytes = b"") -> Response:
        request = Request("POST", host, port, "/", body=body, source="node", who="me")
        response: Response = self.clock.run(self.clock.process(self.network.fetch(request)))
        return response


def test_an_exchange_costs_latency_bandwidth_and_service() -> None:
    world = World()
    response = world.fetch("server.sim", body=b"x" * 200)
    assert b"x" * 200 == response.body
    # Two ways to connect, then 1 s + 2 s each way, and 5 s in the server.
    assert 2 + 3 + 5 + 3 == world.clock.now


def test_an_alias_and_an_address_reach_the_same_host() -> None:
    world = World()
    address = world.network.resolve("server.sim", who="me")
    assert 200 == world.fetch("alias.sim").status
    assert 200 == world.fetch(address).status


def test_an_unknown_name_is_journaled_with_its_nearest() -> None:
    world = World()
    with pytest.raises(NetError) as caught:
        world.fetch("sever.sim")
    assert "dns" == caught.value.kind
    assert ["server.sim"] == world.journal.events[-1]["nearest"]


def test_a_port_where_nothing_listens_refuses() -> None:
    world = World()
    with pytest.raises(NetError) as caught:
        world.fetch("server.sim", port=81)
    assert "refused" == caught.value.kind
    assert ("net.failed", 81) == (world.journal.events[-1].what, world.journal.events[-1]["port"])


def test_a_tls_client_is_greeted_before_it_is_served() -> None:
    world = World()

    def greet(hello: Hello) -> Greeting:
        raise NetError("tls", f"bad certificate {hello.chain}")

    world.network.listen("server.sim", 443, Service(world.echo, greet))
    request = Request("GET", "server.sim", 443, "/", source="node", client="me", tls=True)
    with pytest.raises(NetError, match="bad certificate me"):
        world.clock.run(world.clock.process(world.network.fetch(request)))


def test_a_name_has_the_addresses_that_it_was_given() -> None:
    world = World()
    network = world.network
    first = network.resolve("server.sim", who="me")
    assert (first,) == network.addresses("alias.sim", who="me")
    six = network.add_address("alias.sim")
    assert six == network.add_address("server.sim")
    network.add_address("server.sim", "10.9.9.9", first=True)
    assert (six, "10.9.9.9", first) == network.addresses("server.sim", who="me")
    assert (six,) == network.addresses(six, who="me")
    assert first == network.resolve("alias.sim", who="me")
    assert ("server.sim", True) == (network.name_of(six), network.knows("10.9.9.9"))
    assert 200 == world.fetch(six).status


def test_a_look_up_takes_a_round_trip_to_the_name_server() -> None:
    world = World()
    look_up = world.network.look_up("node", "alias.sim", who="me")
    found = world.clock.run(world.clock.process(look_up))
    assert (world.network.addresses("alias.sim", who="me"), DNS_S) == (found, world.clock.now)


def test_what_is_on_its_way_already_need_not_travel_again() -> None:
    world = World()
    service = Service(world.echo)
    request = Request("POST", "server.sim", 80, "/", body=b"x" * 200, source="node")
    exchange = world.network.exchange(service, request, underway_s=1.5)
    world.clock.run(world.clock.process(exchange))
    # 1 s and what is left of 2 s there, 5 s in the server, 3 s back.
    assert 1.5 + 5 + 3 == world.clock.now


def test_a_server_may_refuse_a_client_it_has_greeted() -> None:
    world = World()
    greeting = Greeting(alert="unknown ca")
    service = Service(world.echo, lambda hello: greeting)
    request = Request("GET", "server.sim", 443, "/", tls=True)
    with pytest.raises(AlertError) as caught:
        greet(service, request)
    assert ("tls", True, "tlsv1 alert unknown ca", "TLSV1_ALERT_UNKNOWN_CA") == (
        caught.value.kind,
        caught.value.late,
        caught.value.text,
        caught.value.reason,
    )
    assert greet(Service(world.echo), request) is None


def test_a_failure_has_the_number_that_a_socket_raises() -> None:
    numbers = [NetError(kind, "").errno for kind in ("dns", "refused", "reset", "timeout", "tls")]
    assert [-2, 111, 104, 110, 0] == numbers
    assert 113 == NetError("unreachable", "", errno=113).errno


def test_a_cut_answer_sends_a_share_of_its_body() -> None:
    assert b"ab" == Response(200, body=b"abcd", cut=True).sent
    assert b"a" == Response(200, body=b"abcd", cut=True, kept=0.25).sent
    assert b"abcd" == Response(200, body=b"abcd").sent
