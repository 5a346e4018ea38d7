"""A proxy that is good in itself, and whose holder or kind is not: who minds, and who does not."""

from __future__ import annotations

from typing import Any

import pytest

from fakesites import issuers
from fakesites.authorization import Authorization
from fakesites.credentials import Credential
from fakesites.storage import DoorCall
from fakesites.storage import StorageElement
from fakesites.storage import Storages
from fakesites.tls_front import TlsFront
from harness.triggers import Trigger
from simkernel.tls import Hello
from tests.harness.faults.tiny_world import SERVER
from tests.harness.faults.tiny_world import TinyWorld

ALERTS = {"revoked": "certificate revoked", "limited": "", "banned": ""}
DOORS = {"revoked": "the credential has been revoked", "limited": "", "banned": "is banned"}


def door_says(world: TinyWorld, shown: Credential) -> str:
    """Return why a door that knows the world's distrust refuses *shown*, "" if it does not."""
    element: StorageElement = world.element
    element.distrust = world.site.storages.distrust
    call = DoorCall("stat", element.name, "/pnfs/a", by="p", protocol="root", credential=shown)
    error = world.do(element.serve(call), until=world.clock.now + 10).error
    kind = getattr(error, "kind", "")
    return str(error) if kind == "denied" else ""


def server_alerts(world: TinyWorld, shown: Credential) -> str:
    distrust = world.site.storages.distrust
    front = TlsFront(issuers.host(SERVER), wall=world.clock.wall, lists=distrust.lists)
    return front.greet(Hello(SERVER, shown.chain.pem(), verify=False)).alert


def decision(world: TinyWorld, shown: Credential, **fields: Any) -> str:
    distrust = world.site.storages.distrust
    service = Authorization("bnl.sim", world.clock.wall, distrust=distrust, **fields)
    return service.decide(shown.chain.pem())


@pytest.mark.parametrize("do", sorted(ALERTS))
def test_everybody_who_should_mind_does(do: str, world: TinyWorld) -> None:
    world.install(do, on="credential.proxy", at=Trigger(after_s=60.0))
    before = world.credentials.read()
    said = [ask(world, before) for ask in (server_alerts, decision, door_says)]
    assert ["", "permit", ""] == said
    world.clock.run(61.0)
    shown = world.credentials.read()
    assert (ALERTS[do], "deny") == (server_alerts(world, shown), decision(world, shown))
    assert DOORS[do] in door_says(world, shown)
    assert bool(DOORS[do]) == bool(door_says(world, shown))


def test_a_site_may_take_limited_proxies(world: TinyWorld) -> None:
    world.install("limited", on="credential.proxy")
    shown = world.credentials.read()
    assert (True, "permit") == (shown.chain.is_limited, decision(world, shown, limited=True))


def test_somebody_elses_proxy_is_good_when_one_is_revoked(world: TinyWorld) -> None:
    other = world.make_credential()
    world.install("banned", on="credential.proxy")
    assert decision(world, other) == "deny"  # it is of the same person
    storages = Storages()
    world.site.storages = storages
    assert decision(world, other) == "permit"
