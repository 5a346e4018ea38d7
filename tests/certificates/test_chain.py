"""Chains of certificates and what they say of their holder."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from certificates.chain import Chain
from certificates.chain import read_chain
from certificates.der import CertificateError
from certificates.proxies import proxy_of
from tests.certificates import grid


@settings(max_examples=15)
@given(st.lists(st.booleans(), max_size=3), st.booleans())
def test_the_identity_is_that_of_the_holder(limits: list[bool], legacy: bool) -> None:
    credential = grid.user()
    for limited in limits:
        credential = proxy_of(credential, not_before=grid.NOW, limited=limited, legacy=legacy)
    chain = read_chain(credential.pem())
    assert chain.identity == grid.DN
    assert chain.holder == grid.user().certificate
    assert chain.is_limited == any(limits)
    assert len(chain.certificates) == len(limits) + 1


def test_a_proxy_that_comes_alone_tells_its_holder_by_name() -> None:
    chain = Chain((grid.proxy().certificate,))
    assert chain.holder is None
    assert chain.identity == grid.DN


def test_a_chain_ends_with_its_first_certificate_to_end() -> None:
    proxy = proxy_of(grid.user(), not_before=grid.NOW, lifetime_s=60)
    assert proxy.chain.not_after == grid.NOW + 60


def test_attributes_of_the_latest_proxy_count() -> None:
    first = proxy_of(grid.user(), not_before=grid.NOW, attributes=[grid.attributes(60)])
    bare = proxy_of(first, not_before=grid.NOW)
    other = proxy_of(bare, not_before=grid.NOW, attributes=[grid.attributes(90)])
    assert bare.chain.fqans == grid.FQANS
    assert [a.not_after for a in bare.chain.attributes] == [grid.NOW + 60]
    assert [a.not_after for a in other.chain.attributes] == [grid.NOW + 90]
    assert grid.proxy().chain.attributes == ()


def test_a_chain_survives_being_written_and_read() -> None:
    assert grid.proxy().chain == read_chain(grid.proxy().chain.pem())


def test_a_text_without_certificate_is_refused() -> None:
    with pytest.raises(CertificateError, match="no certificate"):
        read_chain(grid.user().key.pem())
