"""Which chains are trusted, when, and for what."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from certificates.certificate import Certificate
from certificates.certificate import Draft
from certificates.certificate import sign_draft
from certificates.credential import Credential
from certificates.keys import key_of
from certificates.names import encode_name
from certificates.proxies import proxy_of
from certificates.verdicts import Verdict
from certificates.verifying import Proxies
from certificates.verifying import Purpose
from certificates.verifying import verify_chain
from tests.certificates import grid
from tests.certificates.oddities import ODDITIES
from tests.certificates.oddities import Oddity

ROOT = grid.authority().certificate
STRANGER = grid.authority("2")


def verify(credential: Credential, **terms: Any) -> Verdict:
    terms = {"anchors": [ROOT], "now": grid.NOW, "proxies": Proxies.RFC, **terms}
    return verify_chain(credential.chain.certificates, **terms)


@pytest.mark.parametrize(
    "credential",
    [
        grid.host(),
        grid.user(),
        grid.proxy(),
        grid.proxy(limited=True),
        grid.authority().credential,
        grid.lower_authority().issue_user("/CN=x", not_before=grid.BEGIN, lifetime_s=grid.LONG_S),
    ],
)
def test_what_the_authorities_issue_is_good(credential: Credential) -> None:
    assert verify(credential) is Verdict.OK


@settings(max_examples=25)
@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=4), st.integers(-(10**6), 2 * 10**6))
def test_a_chain_is_good_from_its_last_begin_to_its_first_end(
    lifetimes: list[int], later: int
) -> None:
    credential = grid.authority().issue_user(grid.DN, not_before=grid.NOW, lifetime_s=lifetimes[0])
    for lifetime_s in lifetimes[1:]:
        credential = proxy_of(credential, not_before=grid.NOW, lifetime_s=lifetime_s)
    end = grid.NOW + min(lifetimes)
    assert credential.chain.not_after == end
    assert verify(credential, now=end) is Verdict.EXPIRED
    assert verify(credential, now=end - 1) is Verdict.OK
    assert verify(credential, now=end - 0.001) is Verdict.OK
    assert verify(credential, now=grid.NOW - 1) is Verdict.NOT_YET_VALID
    good = grid.NOW <= grid.NOW + later < end
    assert (verify(credential, now=grid.NOW + later) is Verdict.OK) == good


def test_an_unknown_authority_is_no_issuer() -> None:
    assert verify(grid.user(), anchors=[]) is Verdict.UNABLE_TO_GET_ISSUER_LOCALLY
    foreign = [STRANGER.certificate]
    assert verify(grid.user(), anchors=foreign) is Verdict.UNABLE_TO_GET_ISSUER_LOCALLY


def test_an_authority_that_nobody_trusts_is_self_signed() -> None:
    assert verify(STRANGER.credential) is Verdict.SELF_SIGNED
    shown = (grid.user().certificate, ROOT)
    found = verify_chain(shown, anchors=[STRANGER.certificate], now=grid.NOW)
    assert found is Verdict.SELF_SIGNED_IN_CHAIN


def test_a_trusted_authority_needs_its_root() -> None:
    lower = grid.lower_authority()
    leaf = lower.issue_user("/CN=x", not_before=grid.NOW)
    assert verify(leaf, anchors=[lower.certificate]) is Verdict.UNABLE_TO_GET_ISSUER
    alone = replace(leaf, issuers=())
    assert verify(alone) is Verdict.UNABLE_TO_GET_ISSUER_LOCALLY


def test_issuers_are_found_in_any_order() -> None:
    proxy = proxy_of(grid.proxy(), not_before=grid.NOW)
    shuffled = (proxy.certificate, *reversed(proxy.issuers), STRANGER.certificate)
    assert verify_chain(shuffled, anchors=[ROOT], now=grid.NOW, proxies=Proxies.RFC) is Verdict.OK


def test_the_issuer_that_is_valid_is_taken() -> None:
    authority, held = grid.authority(), grid.user()
    old = authority.issue_user(grid.DN, not_before=grid.BEGIN, lifetime_s=60).certificate
    soon = authority.issue_user(grid.DN, not_before=grid.NOW + 1, lifetime_s=grid.LONG_S)
    shown = (grid.proxy().certificate, old, soon.certificate, held.certificate)
    assert verify_chain(shown, anchors=[ROOT], now=grid.NOW, proxies=Proxies.RFC) is Verdict.OK
    expired = verify_chain(shown[:2], anchors=[ROOT], now=grid.NOW, proxies=Proxies.RFC)
    assert expired is Verdict.EXPIRED


@settings(max_examples=30)
@given(st.integers(0, 2047))
def test_a_signature_with_a_wrong_bit_is_refused(bit: int) -> None:
    good = grid.user().certificate
    spoilt = int.from_bytes(good.signature, "big") ^ 1 << bit
    bad = replace(good, der=b"", signature=spoilt.to_bytes(256, "big"))
    assert verify_chain([bad], anchors=[ROOT], now=grid.NOW) is Verdict.SIGNATURE_FAILURE


@pytest.mark.parametrize(
    ("credential", "purpose", "verdict"),
    [
        (grid.host(), Purpose.SERVER, Verdict.OK),
        (grid.host(), Purpose.CLIENT, Verdict.OK),
        (grid.user(), Purpose.SERVER, Verdict.INVALID_PURPOSE),
        (grid.user(), Purpose.CLIENT, Verdict.OK),
        (grid.proxy(), Purpose.SERVER, Verdict.INVALID_PURPOSE),
        (grid.proxy(), Purpose.CLIENT, Verdict.OK),
    ],
)
def test_a_certificate_serves_its_purpose(
    credential: Credential, purpose: Purpose, verdict: Verdict
) -> None:
    assert verify(credential, purpose=purpose) is verdict


def test_a_host_is_checked_by_name() -> None:
    assert verify(grid.host(), hostname="panda.sim") is Verdict.OK
    assert verify(grid.host(), hostname="other.sim") is Verdict.HOSTNAME_MISMATCH


def test_short_keys_are_refused_where_they_are() -> None:
    assert verify(grid.user(), bits_min=2048) is Verdict.OK
    assert verify(grid.user(), bits_min=2049) is Verdict.KEY_TOO_SMALL
    weak = grid.authority().issue_user("/CN=w", not_before=grid.BEGIN, bits=1024)
    proxy = proxy_of(weak, not_before=grid.BEGIN)
    assert verify(proxy, bits_min=2048) is Verdict.CA_KEY_TOO_SMALL


@pytest.mark.parametrize(
    ("legacy", "proxies", "verdict"),
    [
        (False, Proxies.REFUSED, Verdict.PROXY_NOT_ALLOWED),
        (False, Proxies.RFC, Verdict.OK),
        (False, Proxies.ALL, Verdict.OK),
        (True, Proxies.REFUSED, Verdict.INVALID_CA),
        (True, Proxies.RFC, Verdict.INVALID_CA),
        (True, Proxies.ALL, Verdict.OK),
    ],
)
def test_a_verifier_takes_the_proxies_that_it_wants(
    legacy: bool, proxies: Proxies, verdict: Verdict
) -> None:
    assert verify(grid.proxy(legacy=legacy), proxies=proxies) is verdict


@given(st.integers(0, 3), st.integers(0, 4))
def test_no_more_proxies_follow_than_their_path_length_allows(limit: int, count: int) -> None:
    credential = proxy_of(grid.user(), not_before=grid.NOW, path_length=limit)
    for _ in range(count):
        credential = proxy_of(credential, not_before=grid.NOW)
    wanted = Verdict.OK if count <= limit else Verdict.PROXY_PATH_LENGTH_EXCEEDED
    assert verify(credential) is wanted


@pytest.mark.parametrize("oddity", ODDITIES.values(), ids=list(ODDITIES))
def test_what_nobody_should_issue_is_refused_for_what_it_is(oddity: Oddity) -> None:
    found = verify(oddity.shown, anchors=oddity.anchors, crls=oddity.crls)
    assert found is oddity.verdict


def test_an_authority_has_no_more_below_it_than_its_path_length_allows() -> None:
    below = grid.lower_authority().issue_authority(
        "/CN=below", not_before=grid.BEGIN, lifetime_s=grid.LONG_S
    )
    leaf = below.issue_user("/CN=x", not_before=grid.BEGIN, lifetime_s=grid.LONG_S)
    assert verify(leaf) is Verdict.PATH_LENGTH_EXCEEDED
    # Proxies are no authorities: they do not count.
    held = grid.lower_authority().issue_user("/CN=x", not_before=grid.BEGIN)
    proxy = proxy_of(proxy_of(held, not_before=grid.BEGIN), not_before=grid.BEGIN)
    assert verify(proxy, now=grid.BEGIN) is Verdict.OK


def crl(*revoked: Certificate, now: int = grid.NOW - 10, lifetime_s: int = 60) -> Any:
    return grid.authority().crl(revoked, now=now, lifetime_s=lifetime_s)


@pytest.mark.parametrize(
    ("crls", "verdict"),
    [
        (None, Verdict.OK),
        ([], Verdict.UNABLE_TO_GET_CRL),
        ([crl()], Verdict.OK),
        ([crl(grid.host().certificate)], Verdict.OK),
        ([crl(grid.user().certificate)], Verdict.REVOKED),
        ([crl(now=grid.NOW + 1)], Verdict.CRL_NOT_YET_VALID),
        ([crl(now=grid.NOW - 60)], Verdict.CRL_EXPIRED),
        ([crl(now=grid.NOW - 60), crl()], Verdict.OK),
        ([crl(now=grid.NOW - 10), crl(grid.user().certificate, now=grid.NOW)], Verdict.REVOKED),
        ([crl(), crl(now=grid.NOW + 1)], Verdict.OK),
        ([STRANGER.crl(now=grid.NOW)], Verdict.UNABLE_TO_GET_CRL),
        ([replace(crl(), signed=b"")], Verdict.CRL_SIGNATURE_FAILURE),
    ],
)
def test_revocation_is_checked_where_there_are_lists(crls: Any, verdict: Verdict) -> None:
    assert verify(grid.proxy(), crls=crls) is verdict


def test_a_path_does_not_run_in_circles() -> None:
    names = [encode_name("/CN=a"), encode_name("/CN=b")]
    key = key_of("1", "circle")
    ring = [
        sign_draft(Draft(1, issuer, own, grid.BEGIN, grid.LONG_S, key.public, ()), key)
        for own, issuer in (names, names[::-1])
    ]
    assert verify_chain(ring, anchors=[ROOT], now=grid.NOW) is Verdict.UNABLE_TO_GET_ISSUER_LOCALLY


def test_a_path_has_an_end() -> None:
    key = key_of("1", "long")
    names = [encode_name(f"/CN={n}") for n in range(110)]
    path = [
        sign_draft(Draft(1, above, own, grid.BEGIN, grid.LONG_S, key.public, ()), key)
        for own, above in pairwise(names)
    ]
    assert verify_chain(path, anchors=[ROOT], now=grid.NOW) is Verdict.CHAIN_TOO_LONG
