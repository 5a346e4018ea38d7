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
from simkernel.network import Link
from simkernel.network import Service
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
