"""No secret in any output."""

from __future__ import annotations

import pytest

from harness.checkers.secrets import DEPTH_LIMIT
from harness.checkers.secrets import secrets
from harness.findings import Finding
from tests.harness.journals import Story
from tests.harness.journals import complete
from tests.harness.journals import story
from tests.harness.journals import texts

TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJwaWxvdCJ9.c2lnbmF0dXJlLWJ5dGVz"
PEM = "-----BEGIN CERTIFICATE-----\nTUlJ\n-----END CERTIFICATE-----\n"


def found(told: Story) -> list[Finding]:
    return secrets(told.flight())


def test_a_clean_flight_has_no_leak() -> None:
    assert [] == found(complete())


def test_a_leak_in_a_file_is_found() -> None:
    told = story().add("output.leak", who="pilot-1", at=3600, file="pilotlog.txt", kind="proxy")
    findings = found(told)
    assert ["pilot-1 left a secret (proxy) in pilotlog.txt"] == texts(findings)
    assert 3600.0 == findings[0].at_s


@pytest.mark.parametrize(("file", "expect"), [("work/job/x509up-unified", 0), ("stdout", 1)])
def test_a_pilot_that_was_killed_takes_nothing_away(file: str, expect: int) -> None:
    told = story().pilot().dispatch(at=30).signal("SIGKILL", at=8000)
    told.leave(at=8000, code=None, signal=9)
    told.add("output.leak", who="pilot-1", at=8000, file=file, kind="private key")
    assert expect == len(found(told))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (PEM, "certificate"),
        ("x BEGIN TRUSTED CERTIFICATE y", "certificate"),
        ("-----BEGIN RSA PRIVATE KEY-----", "private key"),
        ("-----BEGIN PRIVATE KEY-----", "private key"),
        ("curl -H 'Authorization: Bearer abcdefgh12345678-_' x", "bearer token"),
        (f"token={TOKEN}", "token"),
    ],
)
def test_a_secret_in_an_update_is_found_and_not_repeated(text: str, kind: str) -> None:
    findings = found(story().dispatch().update("running", at=3600, pilotLog=f"log: {text}"))
    assert [f"pilot-1 sent a secret ({kind}) in field pilotLog of job 1 at 1:00:00"] == texts(
        findings
    )
    assert "1" == findings[0].job


@pytest.mark.parametrize("text", ["the bearer of bad news", "certificate has expired", "eyJ.x.y"])
def test_words_about_secrets_are_none(text: str) -> None:
    assert [] == found(story().dispatch().update("running", at=1, pilotLog=text))


def test_a_secret_is_found_however_deep_it_lies() -> None:
    told = story().dispatch().update("running", at=1, metaData={"files": [{"env": PEM}]})
    assert "in field metaData.files[0].env" in found(told)[0].text


def test_the_same_leak_in_many_heartbeats_is_one_finding() -> None:
    told = story().dispatch()
    for at in (10, 20, 30):
        told.update("running", at=at, stdout=PEM)
    assert 1 == len(found(told))


def test_any_request_is_searched() -> None:
    told = story()
    told.add(
        "http.request", who="pilot-1", at=5, id=1, endpoint="", fields={"a": PEM}, method="POST"
    )
    assert ["pilot-1 sent a secret (certificate) in field a at 0:00:05"] == texts(found(told))


def test_a_body_that_is_one_text_is_searched() -> None:
    told = story().add("http.request", who="pilot-1", at=5, id=1, endpoint="", fields=f"x {PEM}")
    assert ["pilot-1 sent a secret (certificate) in field body at 0:00:05"] == texts(found(told))


def test_what_lies_deeper_than_any_request_is_not_searched() -> None:
    body: dict[str, object] = {"pem": PEM}
    for _ in range(DEPTH_LIMIT + 1):
        body = {"in": body}
    assert [] == found(story().dispatch().update("running", at=1, metaData=body))
