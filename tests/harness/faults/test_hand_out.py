"""A server that hands out proxies."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fakesites.credentials import read_pem
from harness.faults.server.hand_out import USER_DN
from simkernel import Request
from tests.harness.faults.tiny_world import SERVER
from tests.harness.faults.tiny_world import TinyWorld

PRODUCTION = "atlas:/atlas/Role=production"


def asked(world: TinyWorld, request: Request) -> Any:
    """Return the answer to *request*."""
    world.install("hand_out", on="server.get_proxy", options={"lifetime": "10h"})
    work = world.points.around("server.get_proxy", request, lambda: world.serve(request))
    return json.loads(world.do(work).result.body)


def legacy(role: str) -> Request:
    body = json.dumps({"role": role}).encode()
    return Request("POST", SERVER, 25443, "/server/panda/getProxy", body=body)


@pytest.mark.parametrize(("role", "is_users"), [(PRODUCTION, False), ("atlas", True)])
def test_the_role_decides_whose_it_is(world: TinyWorld, role: str, is_users: bool) -> None:
    asked_at = world.clock.wall()
    proxy = read_pem(asked(world, legacy(role))["userProxy"])
    assert is_users == (proxy.dn == USER_DN)
    assert 36_000 == proxy.proxy_left_s(asked_at)
    assert is_users != any("production" in each for each in proxy.fqans)


def test_the_newer_dialect_has_its_own_form(world: TinyWorld) -> None:
    request = Request("GET", SERVER, 25443, f"/api/v1/creds/get_proxy?role={PRODUCTION}")
    answer = asked(world, request)
    assert answer["success"]
    assert "production" in " ".join(read_pem(answer["data"]["user_proxy"]).fqans)
