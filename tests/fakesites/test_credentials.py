"""Proxies, their attributes and their text."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakesites.credentials import AUTHORITY
from fakesites.credentials import Credential
from fakesites.credentials import CredentialError
from fakesites.credentials import block
from fakesites.credentials import check
from fakesites.credentials import fqans_of
from fakesites.credentials import make_proxy
from fakesites.credentials import read_pem

NOW = 1_772_352_000.0
DN = "/DC=sim/CN=robot"

credentials = st.builds(
    Credential,
    subject=st.text(max_size=60),
    issuer=st.text(max_size=60),
    not_before=st.integers(0, 2**33),
    not_after=st.integers(0, 2**33),
    vo=st.text(max_size=10),
    fqans=st.lists(st.text(max_size=30), max_size=4).map(tuple),
    voms_not_after=st.none() | st.integers(0, 2**33),
    bits=st.sampled_from([512, 1024, 2048, 4096]),
    serial=st.integers(1, 2**31),
)


def proxy(*, voms_lifetime_s: float | None = None) -> Credential:
    return make_proxy(
        Random(1),
        dn=DN,
        now=NOW,
        lifetime_s=3600,
        voms_lifetime_s=voms_lifetime_s,
        vo="atlas",
        fqans=fqans_of("atlas"),
    )


@given(credentials)
def test_a_proxy_survives_being_written_and_read(credential: Credential) -> None:
    assert credential == read_pem(credential.pem())


def test_the_file_has_a_certificate_and_a_private_key() -> None:
    text = proxy().pem()
    assert text.startswith("-----BEGIN CERTIFICATE-----\n")
    assert "-----BEGIN RSA PRIVATE KEY-----\n" in text


def test_no_line_of_the_file_is_longer_than_pem_allows() -> None:
    assert max(map(len, proxy().pem().splitlines())) == 64


@pytest.mark.parametrize(
    "text", ["", "-----BEGIN CERTIFICATE-----\n", block("RSA PRIVATE KEY", b"x")]
)
def test_a_text_without_certificate_is_refused(text: str) -> None:
    with pytest.raises(CredentialError, match="no certificate"):
        read_pem(text)


@pytest.mark.parametrize("body", [b"", b"{}", b"[1]", b'{"fqans": [], "odd": 1}', b"\xff\xfe"])
def test_a_certificate_that_is_garbage_is_refused(body: bytes) -> None:
    with pytest.raises(CredentialError, match="cannot be read"):
        read_pem(block("CERTIFICATE", body))


def test_the_holder_is_the_subject_without_the_parts_that_proxies_add() -> None:
    assert proxy().dn == DN
    assert replace(proxy(), subject=f"{DN}/CN=12/CN=limited proxy").dn == DN


def test_a_fresh_proxy_is_good() -> None:
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
    assert check(plain, now=NOW + 3000) is None


def test_an_unknown_ca_is_refused_by_name() -> None:
    assert check(proxy(), now=NOW, trusted_issuers=["/CN=other"]) == f"unknown CA {AUTHORITY}"


def test_the_leading_role_comes_first() -> None:
    assert fqans_of("atlas", "production") == (
        "/atlas/Role=production/Capability=NULL",
        "/atlas/Role=NULL/Capability=NULL",
    )
