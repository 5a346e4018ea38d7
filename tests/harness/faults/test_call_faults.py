"""What holds for every fault that stands around calls."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import Any
from typing import Callable
from typing import Mapping

import pytest

from harness.faults import known_faults
from harness.triggers import Trigger
from simkernel import Request
from simkernel.network import Service
from simkernel.tls import Greeting
from tests.harness.faults.tiny_world import CONTENT
from tests.harness.faults.tiny_world import SERVER
from tests.harness.faults.tiny_world import TinyCall
from tests.harness.faults.tiny_world import TinyWorld

PATH = "/pnfs/data/a"


@dataclass(frozen=True)
class Case:
    """One fault at one point, and the name of the call (below) that passes there."""

    do: str
    on: str
    passes: str
    options: Mapping[str, Any] = field(default_factory=dict)


CASES = (
    Case("hang", "tool.dccp", "tool"),
    Case("delay", "tool.dccp", "tool"),
    Case("exit", "tool.dccp", "tool"),
    Case("slow", "tool.dccp", "tool", {"factor": 3.0}),
    Case("lie", "tool.dccp", "tool"),
    Case("noise", "tool.dccp", "tool"),
    Case("garble", "tool.dccp", "tool", {"pattern": "done"}),
    Case("junk", "tool.dccp", "tool"),
    Case("daemon", "tool.dccp", "left"),
    Case("unkillable", "tool.dccp", "tool"),
    Case("truncate", "tool.dccp", "copy"),
    Case("corrupt", "tool.dccp", "copy"),
    Case("partial", "tool.dccp", "copy"),
    Case("hang", "door.BNL_DATADISK", "door"),
    Case("delay", "door.BNL_DATADISK", "door"),
    Case("truncate", "door.BNL_DATADISK", "door"),
    Case("corrupt", "door.BNL_DATADISK", "door"),
    Case("error", "door.BNL_DATADISK", "door"),
    Case("full", "door.BNL_DATADISK", "put", {"for": "0.5s"}),
    Case("read_only", "door.BNL_DATADISK", "put", {"for": "0.5s"}),
    Case("unseen", "door.BNL_DATADISK", "put"),
    Case("nearline", "door.BNL_DATADISK", "door"),
    Case("hang", "server.update_job", "server"),
    Case("delay", "server.update_job", "server"),
    Case("http_status", "server.update_job", "server"),
    Case("status_code", "server.update_job", "server"),
    Case("answer_lost", "server.update_job", "server"),
    Case("request_lost", "server.update_job", "server"),
    Case("garbage", "server.update_job", "server"),
    Case("html", "server.update_job", "server"),
    Case("null_fields", "server.update_job", "server"),
    Case("duplicate", "server.update_job", "server"),
    Case("command", "server.update_job", "server"),
    Case("far_replica", "tool.replicas", "replicas"),
    Case("hand_out", "server.get_proxy", "proxy"),
    Case("hang", "net.pandaserver.sim", "net"),
    Case("delay", "net.pandaserver.sim", "net"),
    Case("refuse", "net.pandaserver.sim", "net"),
    Case("black_hole", "net.pandaserver.sim", "net"),
    Case("reset", "net.pandaserver.sim", "net"),
    Case("unreachable", "net.pandaserver.sim", "net"),
    Case("stall", "net.pandaserver.sim", "net"),
    Case("empty_answer", "net.pandaserver.sim", "net"),
    Case("truncate", "net.pandaserver.sim", "net"),
    Case("drip", "net.pandaserver.sim", "net"),
    Case("dns_failure", "net.pandaserver.sim", "net"),
    Case("dns_unknown", "net.pandaserver.sim", "net"),
    Case("dns_timeout", "net.pandaserver.sim", "net"),
    Case("bad_certificate", "net.pandaserver.sim", "tls"),
    Case("no_ipv6", "net.pandaserver.sim", "ipv6"),
    Case("ipv6_black_hole", "net.pandaserver.sim", "ipv6"),
    Case("dead_address", "net.pandaserver.sim", "dead"),
)
CALL_FAMILIES = ("tool", "door", "server", "net")


def pass_tool(world: TinyWorld) -> object:
    call = world.call("dccp", "a", "b")
    return seen(world, world.tool(call), call)


def pass_left(world: TinyWorld) -> object:
    before = len(world.node.processes.entered())
    return pass_tool(world), len(world.node.processes.entered()) - before


def pass_copy(world: TinyWorld) -> object:
    call = world.call("dccp", "a", "b")
    real = world.node.files.real("/srv/work/b")

    def copy() -> Any:
        yield world.clock.timeout(10.0)
        world.node.files.write_sparse("/srv/work/b", CONTENT.prefix, CONTENT.size)
        return 0

    outcome = seen(world, world.tool(call, copy), call)
    return outcome, real.read_bytes()


def pass_door(world: TinyWorld) -> object:
    if world.element.find(PATH) is None:
        world.element.place(PATH, CONTENT, by="test")
    outcome = world.do(world.door("get", PATH), until=world.clock.now + 1000)
    content = getattr(outcome.result, "content", None)
    return content, repr(outcome.error), took(outcome.ended_at)


def pass_put(world: TinyWorld) -> object:
    path = f"{PATH}{world.clock.now:.0f}"
    outcome = world.do(world.door("put", path, content=CONTENT), until=world.clock.now + 1)
    return world.element.find(path) is not None, repr(outcome.error)[:30]


def pass_server(world: TinyWorld) -> object:
    before = world.server.effects
    outcome = seen(world, world.ask())
    return outcome, world.server.effects - before


def pass_proxy(world: TinyWorld) -> object:
    return seen(world, world.ask("get_proxy"))


def pass_replicas(world: TinyWorld) -> object:
    call = world.call("rucio")

    def answer() -> Any:
        yield world.clock.timeout(1.0)
        call.out('[{"name": "a", "pfns": {}, "rses": {}}]')
        return 0

    return seen(world, world.tool(call, answer), call)


def pass_net(world: TinyWorld) -> object:
    return seen(world, world.fetch())


def pass_tls(world: TinyWorld) -> object:
    world.network.listen(SERVER, 443, Service(world.serve, lambda hello: Greeting()))
    return seen(world, world.network.fetch(Request("GET", SERVER, 443, "/", tls=True)))


def pass_ipv6(world: TinyWorld) -> object:
    address = world.network.add_address(SERVER)
    return seen(world, connected(world, address))


def pass_dead(world: TinyWorld) -> object:
    address = world.network.resolve(SERVER, who="pilot-1").replace("10.0.", "10.254.")
    world.network.add_address(SERVER, address, first=True)
    return seen(world, connected(world, address))


def connected(world: TinyWorld, address: str) -> Any:
    yield from world.network.connect("wn001", address, 25443, who="pilot-1")
    return "connected"


def seen(world: TinyWorld, work: Any, call: TinyCall | None = None) -> object:
    began = world.clock.now
    outcome = world.do(work, until=began + 1000)
    ended = None if outcome.ended_at is None else round(outcome.ended_at - began, 3)
    printed = (call.printed, call.errors) if call else ()
    return repr(outcome.result), repr(outcome.error), ended, printed


def took(ended_at: float | None) -> bool:
    return ended_at is not None and ended_at % 1000 < 1


PASSES: Mapping[str, Callable[[TinyWorld], object]] = {
    "tool": pass_tool,
    "left": pass_left,
    "copy": pass_copy,
    "door": pass_door,
    "put": pass_put,
    "server": pass_server,
    "proxy": pass_proxy,
    "replicas": pass_replicas,
    "net": pass_net,
    "tls": pass_tls,
    "ipv6": pass_ipv6,
    "dead": pass_dead,
}


def name_of(case: Case) -> str:
    return f"{case.do}@{case.on}"


def test_every_fault_of_calls_has_a_case_at_each_family() -> None:
    families = {(k.name, on.partition(".")[0]) for k in known_faults() for on in k.on}
    asked = {(name, family) for name, family in families if family in CALL_FAMILIES}
    assert asked == {(case.do, case.on.partition(".")[0]) for case in CASES}


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_the_second_call_is_hit_and_no_other(case: Case, tmp_path: Path) -> None:
    plain, faulty = TinyWorld(tmp_path / "plain"), TinyWorld(tmp_path / "faulty")
    faulty.install(case.do, on=case.on, at=Trigger(call=2), options=case.options)
    passes = PASSES[case.passes]
    expect = [passes(plain) for _ in range(3)]
    actual = [passes(faulty) for _ in range(3)]
    assert [a == b for a, b in zip(expect, actual, strict=True)] == [True, False, True]
    assert [call for _, call in faulty.fired()] == [2]


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_probability_zero_changes_no_byte_of_the_journal(case: Case, tmp_path: Path) -> None:
    plain, faulty = TinyWorld(tmp_path / "plain"), TinyWorld(tmp_path / "faulty")
    faulty.install(case.do, on=case.on, at=Trigger(p=0.0), options=case.options)
    for world in (plain, faulty):
        PASSES[case.passes](world)
    assert plain.text.getvalue() == faulty.text.getvalue()


# A command comes with the answer to an update and with no other, a proxy to who asks for one.
OF_FAMILIES = [case for case in CASES if case.do not in ("command", "far_replica", "hand_out")]


@pytest.mark.parametrize("case", OF_FAMILIES, ids=name_of)
def test_the_family_name_means_each_of_its_points(case: Case, world: TinyWorld) -> None:
    family = case.on.partition(".")[0]
    world.install(case.do, on=f"{family}.*", at=Trigger(call=1), options=case.options)
    PASSES[case.passes](world)
    assert len(world.fired()) == 1
