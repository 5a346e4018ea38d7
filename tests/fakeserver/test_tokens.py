"""Tokens."""

from __future__ import annotations

import base64
import json

import pytest

from fakeserver.application import application
from fakeserver.identity import Identity
from fakeserver.tokens import TokenError
from fakeserver.tokens import identity_of
from fakeserver.tokens import issue
from fakeserver.tokens import vo_and_role
from tests.fakeserver.servers import Bench
from tests.fakeserver.servers import spec

NOW = 1_772_352_000.0


def token(**changes: object) -> str:
    """Return a pilot's token."""
    how = {"vo": "atlas", "role": "pilot", "now": NOW} | changes
    return issue("ada lovelace", **how)  # type: ignore[arg-type]


def forged() -> str:
    """Return a token whose claims somebody changed."""
    head, claims, signature = token().split(".")
    text = json.loads(base64.urlsafe_b64decode(claims + "=="))
    changed = json.dumps(text | {"vo": "atlas:production"}).encode()
    return f"{head}.{base64.urlsafe_b64encode(changed).decode().rstrip('=')}.{signature}"


@pytest.mark.parametrize("origin", ["atlas", "atlas:pilot", "atlas.pilot"])
def test_a_token_says_who_and_with_which_role(origin: str) -> None:
    expected = Identity("Ada Lovelace", ("/atlas/Role=pilot",))
    assert expected == identity_of(token(), origin=origin, now=NOW)


def test_without_a_role_there_is_only_the_vo() -> None:
    assert ("/atlas",) == identity_of(token(role=""), origin="atlas", now=NOW).fqans


@pytest.mark.parametrize(
    ("text", "origin", "now", "why"),
    [
        ("nonsense", "atlas", NOW, "Not enough segments"),
        ("a.b.c", "atlas", NOW, "Invalid token"),
        (forged(), "atlas", NOW, "Signature verification failed"),
        (token(seed="another issuer"), "atlas", NOW, "Signature verification failed"),
        (token(), "atlas", NOW + 21600.0, "Signature has expired"),
        (token(), "cms", NOW, "Unknown vo : cms"),
    ],
)
def test_a_token_that_is_no_good(text: str, origin: str, now: float, why: str) -> None:
    with pytest.raises(TokenError, match=why):
        identity_of(text, origin=origin, now=now)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("atlas", ("atlas", "")),
        ("atlas:pilot", ("atlas", "pilot")),
        ("atlas.pilot", ("atlas", "pilot")),
        ("vo.x", ("vo.x", "")),
        ("vo.x:pilot", ("vo.x", "pilot")),
    ],
)
def test_two_ways_to_write_vo_and_role(text: str, expected: tuple[str, str]) -> None:
    assert expected == vo_and_role(text)


def ask(bench: Bench, **environ: str) -> tuple[str, bytes]:
    """Ask whether the server lives, in some environment."""
    said: list[str] = []
    around = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/api/v1/system/get_user_attributes",
        "CONTENT_TYPE": "application/json",
        "wsgi.input": None,
        **environ,
    }
    body = b"".join(application(bench.server)(around, lambda status, _: said.append(status)))  # type: ignore[arg-type,func-returns-value]
    return said[0], body


def test_the_application_takes_a_token_for_an_identity(bench: Bench) -> None:
    status, body = ask(bench, HTTP_AUTHORIZATION=f"Bearer {token()}", HTTP_ORIGIN="atlas.pilot")
    assert "200 OK" == status
    assert "Ada Lovelace" == json.loads(body)["data"]["user_dn_clean"]


@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer", "x"])
def test_a_caller_with_a_bad_token_is_turned_away(bench: Bench, header: str) -> None:
    status, body = ask(bench, HTTP_AUTHORIZATION=header, HTTP_ORIGIN="atlas")
    assert "403 Forbidden" == status
    assert body.startswith(b"ERROR : Token authentication failed. Invalid token")


def test_a_banned_person_is_turned_away(bench: Bench) -> None:
    bench.server.people.add_user("/DC=sim/CN=Ann", banned=True)
    status, body = ask(bench, SSL_CLIENT_S_DN="/DC=sim/CN=Ann")
    assert ("403 Forbidden", b"ERROR : Ann is banned") == (status, body)


def test_a_token_is_renewed_when_half_its_life_is_over(bench: Bench) -> None:
    vault = bench.server.vault
    vault.clients["pilot_server"] = {"vo": "atlas", "role": "pilot", "lifetime_s": 3600}
    first = vault.token("pilot_server", now=NOW)
    assert first == vault.token("pilot_server", now=NOW + 1799.0)
    second = vault.token("pilot_server", now=NOW + 1800.0)
    assert second is not None
    assert first != second
    assert identity_of(second, origin="atlas", now=NOW + 5000.0).known
    assert vault.token("nobody", now=NOW) is None


def test_a_pilot_with_a_token_gets_a_job(bench: Bench) -> None:
    bench.server.define_job(spec(1))
    said: list[str] = []
    body = b'{"site_name": "BNL_ATLAS_1", "prod_source_label": "managed"}'
    import io

    around = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/api/v1/pilot/acquire_jobs",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        "HTTP_AUTHORIZATION": f"Bearer {token()}",
        "HTTP_ORIGIN": "atlas.pilot",
    }
    answer = b"".join(application(bench.server)(around, lambda status, _: said.append(status)))  # type: ignore[arg-type,func-returns-value]
    assert json.loads(answer)["success"]
