"""Proxies, tokens, key pairs."""

from __future__ import annotations

from typing import Any

import pytest

from fakeserver import Policy
from fakeserver.identity import Identity
from fakeserver.registry import LEGACY_ROOT
from fakeserver.wire import HttpRequest
from tests.fakeserver.servers import Bench
from tests.fakeserver.speakers import PERSON
from tests.fakeserver.speakers import ask
from tests.fakeserver.speakers import form
from tests.fakeserver.speakers import legacy
from tests.fakeserver.speakers import modern
from tests.fakeserver.speakers import read


@pytest.fixture
def bench() -> Bench:
    """Return a server that has something of each kind."""
    bench = Bench()
    bench.server.proxies |= {"": "PLAIN PEM", "production": "PRODUCTION PEM"}
    bench.server.tokens["pilot_server"] = "TOKEN"
    bench.server.token_keys["pilot_server"] = "KEY"
    bench.server.keys |= {"pub": "PUBLIC", "priv": "PRIVATE"}
    return bench


@pytest.mark.parametrize(
    ("role", "pem"), [("", "PLAIN PEM"), ("production", "PRODUCTION PEM"), (None, "PLAIN PEM")]
)
def test_a_proxy_comes_by_role(bench: Bench, role: str | None, pem: str) -> None:
    values = {} if role is None else {"role": role, "dn": "atlpilo2"}
    expected = {"StatusCode": 0, "errorDialog": "", "userProxy": pem}
    assert expected == read(legacy(bench, "get_proxy", values))
    assert {"user_proxy": pem} == read(modern(bench, "get_proxy", values))["data"]


def test_a_proxy_is_always_answered_in_json(bench: Bench) -> None:
    assert 0 == read(form(bench, "get_proxy", {"role": ""}))["StatusCode"]


def test_a_proxy_that_is_not_there_is_90(bench: Bench) -> None:
    said = read(legacy(bench, "get_proxy", {"role": "pilot", "dn": "/CN=Ann/CN=12"}))
    assert {"StatusCode": 90, "errorDialog": "proxy not found for Ann"} == said
    now = read(modern(bench, "get_proxy", {"role": "pilot"}))
    assert (False, "'proxy' not found for Pilot") == (now["success"], now["message"])


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("get_proxy", {}),
        ("get_access_token", {"client_name": "pilot_server"}),
        ("get_key_pair", {"publicKeyName": "pub", "privateKeyName": "priv"}),
    ],
)
def test_a_person_may_not_have_it(bench: Bench, name: str, values: dict[str, Any]) -> None:
    said = read(legacy(bench, name, values, identity=PERSON))
    assert 70 == said["StatusCode"]
    assert "Some Body" in said["errorDialog"]


def test_nobody_may_not_have_it_from_a_strict_server() -> None:
    said = read(legacy(Bench(Policy(anonymous=False)), "get_proxy", {}, identity=Identity()))
    assert {"StatusCode": 70, "errorDialog": "Cannot extract DN from proxy. not HTTPS?"} == said


def test_a_token_is_asked_for_with_a_get_and_its_key(bench: Bench) -> None:
    path = LEGACY_ROOT + "get_access_token"
    query = "client_name=pilot_server&token_key=KEY"
    said = read(ask(bench, HttpRequest("GET", path, query=query)))
    assert {"StatusCode": 0, "errorDialog": "", "userProxy": "TOKEN"} == said


def test_a_wrong_key_is_50(bench: Bench) -> None:
    values = {"client_name": "pilot_server", "token_key": "OLD"}
    said = read(legacy(bench, "get_access_token", values))
    text = "failed since token key is invalid for pilot_server"
    assert {"StatusCode": 50, "errorDialog": text} == said
    assert text == read(modern(bench, "get_access_token", values))["message"]


def test_a_token_that_is_not_there_is_90(bench: Bench) -> None:
    said = read(legacy(bench, "get_access_token", {"client_name": "x"}))
    assert {"StatusCode": 90, "errorDialog": "token not found for x"} == said


def test_a_key_pair(bench: Bench) -> None:
    said = read(legacy(bench, "get_key_pair", {"publicKeyName": "pub", "privateKeyName": "priv"}))
    assert {"StatusCode": 0, "publicKey": "PUBLIC", "privateKey": "PRIVATE"} == said
    now = {"public_key_name": "pub", "private_key_name": "priv"}
    expected = {"public_key": "PUBLIC", "private_key": "PRIVATE"}
    assert expected == read(modern(bench, "get_key_pair", now))["data"]


@pytest.mark.parametrize(("public", "private"), [("x", "priv"), ("pub", "x")])
def test_a_key_that_is_missing_is_80(bench: Bench, public: str, private: str) -> None:
    values = {"publicKeyName": public, "privateKeyName": private}
    said = read(legacy(bench, "get_key_pair", values))
    assert {"StatusCode": 80, "errorDialog": "x is missing"} == said
