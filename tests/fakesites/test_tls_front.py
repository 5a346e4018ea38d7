"""Whom a server of a world lets in, and whom its clients trust."""

from __future__ import annotations

import ssl
from pathlib import Path
from random import Random

import pytest

from certificates.verdicts import Verdict
from fakesites import issuers
from fakesites.credentials import Credential
from fakesites.recipes import make_proxy
from fakesites.recipes import with_attributes_until
from fakesites.recipes import with_end
from fakesites.tls_front import ON_THE_WIRE
from fakesites.tls_front import TlsFront
from fakesites.tls_front import certificates_in
from simkernel.network import VerifyError
from simkernel.tls import DEFAULT_ANCHORS
from simkernel.tls import Hello

NOW = 1_772_352_000
PANDA = issuers.PANDA
SHOWN = issuers.host(PANDA, issuers.PANDA_ALIASES)
GRID = issuers.authority().certificate.pem()
FOREIGN = issuers.authority("/CN=other").certificate.pem()


def front(now: int = NOW) -> TlsFront:
    return TlsFront(SHOWN, wall=lambda: now)


def proxy(**more: str) -> Credential:
    return make_proxy(Random(1), dn="/DC=sim/CN=x", now=NOW, lifetime_s=3600, vo="atlas", **more)


@pytest.mark.parametrize("name", [PANDA, *issuers.PANDA_ALIASES])
@pytest.mark.parametrize("anchors", [(DEFAULT_ANCHORS,), (GRID,), (FOREIGN, GRID)])
def test_the_server_is_trusted_by_each_of_its_names(name: str, anchors: tuple[str, ...]) -> None:
    greeting = front().greet(Hello(name, anchors=anchors))
    assert (greeting.alert, greeting.der) == ("", SHOWN.certificate.der)


@pytest.mark.parametrize(
    ("hello", "now", "code", "words"),
    [
        (Hello(PANDA, anchors=(FOREIGN,)), NOW, 20, "unable to get local issuer certificate"),
        (Hello(PANDA, anchors=()), NOW, 20, "unable to get local issuer certificate"),
        (
            Hello("other.sim"),
            NOW,
            62,
            "Hostname mismatch, certificate is not valid for 'other.sim'.",
        ),
        (
            Hello("10.0.0.2"),
            NOW,
            64,
            "IP address mismatch, certificate is not valid for '10.0.0.2'.",
        ),
        (Hello(PANDA), 2_600_000_000, 10, "certificate has expired"),
        (Hello(PANDA), 900_000_000, 9, "certificate is not yet valid"),
    ],
)
def test_a_client_tells_why_it_does_not_trust(
    hello: Hello, now: int, code: int, words: str
) -> None:
    with pytest.raises(VerifyError) as caught:
        front(now).greet(hello)
    assert (caught.value.code, caught.value.message) == (code, words)


def test_a_person_is_no_server() -> None:
    person = TlsFront(issuers.person("/CN=Ada"), wall=lambda: NOW)
    with pytest.raises(VerifyError, match="unsuitable certificate purpose"):
        person.greet(Hello("ada", check_name=False))


def test_a_client_that_does_not_look_trusts_anybody() -> None:
    front(2_600_000_000).greet(Hello("other.sim", anchors=(), verify=False, check_name=False))
    front().greet(Hello("other.sim", check_name=False))


@pytest.mark.parametrize(
    ("shown", "alert"),
    [
        (proxy().text, ""),
        (with_end(proxy(), NOW - 1).text, "certificate expired"),
        (with_end(proxy(), NOW - 1).text.partition("-----END")[0], "bad certificate"),
        (proxy(authority="/CN=other").text, "unknown ca"),
        # TLS knows nothing of VOMS.
        (with_attributes_until(proxy(), NOW - 1).text, ""),
        (SHOWN.certificate.pem(), ""),
        (GRID, "unsupported certificate"),
    ],
)
def test_a_server_tells_why_it_does_not_trust(shown: str, alert: str) -> None:
    assert front().greet(Hello(PANDA, shown)).alert == alert


def test_a_proxy_of_tomorrow_is_no_good_today() -> None:
    assert front(NOW - 86_400).greet(Hello(PANDA, proxy().text)).alert == "bad certificate"


def test_every_alert_of_a_verdict_has_a_name_on_the_wire() -> None:
    assert {verdict.alert for verdict in Verdict if verdict.alert} <= set(ON_THE_WIRE)


def test_the_server_is_shown_as_ssl_shows_it(tmp_path: Path) -> None:
    path = tmp_path / "host.pem"
    path.write_text(SHOWN.certificate.pem())
    real = ssl._ssl._test_decode_cert(str(path))  # type: ignore[attr-defined]
    assert dict(front().greet(Hello(PANDA)).peer) == real


def test_a_server_within_a_pilot_is_judged_likewise() -> None:
    assert front().judge(Hello(PANDA), SHOWN.pem()).der == SHOWN.certificate.der
    own = issuers.authority("/CN=own").credential.pem()
    with pytest.raises(VerifyError, match="self-signed certificate"):
        front().judge(Hello("own", check_name=False), own)
    with pytest.raises(VerifyError):
        front().judge(Hello("own"), "no certificate at all")


def test_what_cannot_be_read_is_no_anchor() -> None:
    odd = "-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n"
    assert certificates_in(odd + GRID) == (issuers.authority().certificate,)
    der = issuers.authority().certificate.der.decode("latin-1")
    assert certificates_in(der) == (issuers.authority().certificate,)
    assert certificates_in("words") == ()
