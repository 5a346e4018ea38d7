"""Proxies, and who may sign which."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from certificates.certificate import ProxyKind
from certificates.der import CertificateError
from certificates.proxies import proxy_of
from tests.certificates import grid


@settings(max_examples=20)
@given(st.booleans(), st.none() | st.integers(0, 5), st.integers(1, 10**7))
def test_a_proxy_has_the_name_of_its_holder_and_its_number(
    limited: bool, path_length: int | None, lifetime_s: int
) -> None:
    proxy = proxy_of(
        grid.user(),
        not_before=grid.NOW,
        lifetime_s=lifetime_s,
        limited=limited,
        path_length=path_length,
    )
    found = proxy.certificate
    assert found.subject == f"{grid.DN}/CN={found.serial}"
    assert found.issuer == grid.DN
    assert found.not_after == grid.NOW + lifetime_s
    assert found.proxy is (ProxyKind.LIMITED if limited else ProxyKind.FULL)
    assert found.extensions.proxy_path_length == path_length
    assert found.is_signed_by(grid.user().key.public)
    assert found.key == proxy.key.public != grid.user().key.public


@pytest.mark.parametrize("limited", [False, True])
def test_an_old_proxy_is_one_by_its_name(limited: bool) -> None:
    found = grid.proxy(limited=limited, legacy=True).certificate
    assert found.subject == f"{grid.DN}/CN={'limited proxy' if limited else 'proxy'}"
    assert found.serial == grid.user().certificate.serial
    assert not found.is_proxy
    assert found.is_limited == limited


@pytest.mark.parametrize("legacy", [False, True])
def test_limited_proxies_stay_limited(legacy: bool) -> None:
    limited = grid.proxy(limited=True, legacy=legacy)
    assert proxy_of(limited, not_before=grid.NOW, legacy=legacy).certificate.is_limited


def test_an_authority_signs_no_proxies() -> None:
    with pytest.raises(CertificateError, match="CA"):
        proxy_of(grid.authority().credential, not_before=grid.NOW)


@pytest.mark.parametrize("legacy", [False, True])
def test_old_and_new_proxies_do_not_mix(legacy: bool) -> None:
    with pytest.raises(CertificateError, match="one chain"):
        proxy_of(grid.proxy(legacy=not legacy), not_before=grid.NOW, legacy=legacy)


def test_attributes_travel_in_the_proxy() -> None:
    proxy = proxy_of(grid.user(), not_before=grid.NOW, attributes=[grid.attributes()])
    assert proxy.certificate.extensions.attributes == (grid.attributes(),)


def test_a_host_may_have_proxies_too() -> None:
    assert proxy_of(grid.host(), not_before=grid.NOW).chain.identity == grid.host().subject
