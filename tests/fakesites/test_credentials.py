"""What a proxy file says, and what a server makes of it."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from certificates.proxies import proxy_of
from certificates.voms import VomsServer
from fakesites import issuers
from fakesites.credentials import AUTHORITY
from fakesites.credentials import Credential
from fakesites.credentials import CredentialError
from fakesites.credentials import check
from fakesites.credentials import read_pem
from fakesites.recipes import Recipe
from fakesites.recipes import fqans_of
from fakesites.recipes import make_proxy

NOW = 1_772_352_000.0
DN = "/DC=sim/CN=robot"
FOREIGN = "/DC=org/CN=other"


def proxy(*, voms_lifetime_s: float | None = None, **more: str) -> Credential:
    return make_proxy(
        Random(1),
        dn=DN,
        now=NOW,
        lifetime_s=3600,
        voms_lifetime_s=voms_lifetime_s,
        vo="atlas",
        fqans=fqans_of("atlas"),
        **more,
    )


def test_a_credential_says_what_its_file_says() -> None:
    found = proxy(voms_lifetime_s=600)
    assert (found.subject, found.issuer, found.dn) == (f"{DN}/CN={found.serial}", DN, DN)
    assert (found.authority, found.bits) == (AUTHORITY, 2048)
    assert (found.not_before, found.not_after) == (NOW - 300, NOW + 3600)
    assert (found.vo, found.fqans) == ("atlas", fqans_of("atlas"))
    assert found.voms_not_after == NOW + 600
    assert (found.proxy_left_s(NOW + 1.5), found.voms_left_s(NOW + 1.5)) == (3599, 599)


def test_the_file_is_certificate_key_and_issuers() -> None:
    text = proxy().pem()
    labels = [line for line in text.splitlines() if line.startswith("-----BEGIN")]
    certificate, key = "-----BEGIN CERTIFICATE-----", "-----BEGIN RSA PRIVATE KEY-----"
    assert labels == [certificate, key, certificate]
    assert max(map(len, text.splitlines())) == 64
    assert read_pem(text) == proxy()


@pytest.mark.parametrize("text", ["", "hello", "-----BEGIN CERTIFICATE-----\n"])
def test_a_text_without_certificate_is_refused(text: str) -> None:
    with pytest.raises(CredentialError, match="no certificate"):
        read_pem(text)


def test_a_certificate_that_is_garbage_is_refused() -> None:
    with pytest.raises(CredentialError):
        read_pem("-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n")


def test_a_fresh_proxy_is_good() -> None:
    assert check(proxy(), now=NOW) is None
    assert check(proxy(), now=NOW, trusted_issuers=[AUTHORITY]) is None


def test_there_has_to_be_a_proxy() -> None:
    assert check(None, now=NOW) == "no credential"


def test_a_proxy_ends_at_its_last_second() -> None:
    assert check(proxy(), now=NOW + 3599) is None
    assert check(proxy(), now=NOW + 3600) == "the credential has expired"


def test_a_proxy_from_the_future_is_refused() -> None:
    assert check(proxy(), now=NOW - 301) == "the credential is not valid yet"


def test_attributes_may_end_before_the_proxy() -> None:
    short = proxy(voms_lifetime_s=600)
    assert check(short, now=NOW + 599) is None
    assert check(short, now=NOW + 600) == "the VOMS attributes have expired"


def test_a_proxy_without_attributes_has_none_to_expire() -> None:
    plain = make_proxy(Random(1), dn=DN, now=NOW, lifetime_s=3600)
    assert (plain.vo, plain.fqans, plain.voms_not_after) == ("", (), None)
    assert check(plain, now=NOW + 3000) is None


def test_an_unknown_ca_is_refused_by_name() -> None:
    assert check(proxy(), now=NOW, trusted_issuers=["/CN=other"]) == f"unknown CA {AUTHORITY}"
    foreign = proxy(authority=FOREIGN)
    assert check(foreign, now=NOW) == f"unknown CA {FOREIGN}"
    assert check(foreign, now=NOW, trusted_issuers=[FOREIGN]) is None


def test_a_holder_on_the_list_is_refused() -> None:
    authority = issuers.authority()
    revoked = authority.crl([issuers.person(DN).certificate], now=int(NOW))
    assert check(proxy(), now=NOW, crls=[revoked]) == "the credential has been revoked"
    assert check(proxy(), now=NOW, crls=[authority.crl(now=int(NOW))]) is None
    assert check(proxy(), now=NOW, crls=[]) == "unable to get certificate CRL"


def test_a_proxy_that_was_changed_is_refused() -> None:
    found = proxy()
    leaf = found.chain.leaf
    body = leaf.der.replace(b"atlas", b"Atlas", 1)
    forged = replace(found, chain=replace(found.chain, certificates=(
        replace(leaf, der=body, signed=leaf.signed.replace(b"atlas", b"Atlas", 1)),
        *found.chain.certificates[1:],
    )))  # fmt: skip
    assert check(forged, now=NOW) == "certificate signature failure"


def test_attributes_by_an_unknown_server_are_refused() -> None:
    person = issuers.person(DN)
    signer = issuers.host("voms.atlas.sim", (), FOREIGN)
    server = VomsServer("atlas", signer, "voms.atlas.sim:15001")
    carried = server.attributes(person.certificate, fqans=("/atlas",), not_before=int(NOW))
    found = read_pem(proxy_of(person, not_before=int(NOW), attributes=[carried]).pem())
    reason = check(found, now=NOW + 1)
    assert reason is not None
    assert reason.startswith("the VOMS attributes are no good: ")


def test_a_limited_proxy_is_told() -> None:
    recipe = Recipe("1", DN, int(NOW), int(NOW) + 60, limited=True)
    assert recipe.sign().chain.is_limited
    assert not proxy().chain.is_limited
