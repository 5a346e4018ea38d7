"""Lists of revoked certificates."""

from __future__ import annotations

from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from certificates.crl import Revoked
from certificates.crl import read_crls
from tests.certificates import grid

entries = st.builds(Revoked, st.integers(1, 2**100), st.integers(0, 2**33))


@settings(max_examples=15)
@given(st.lists(entries, max_size=5))
def test_a_list_survives_being_written_and_read(revoked: list[Revoked]) -> None:
    crl = grid.authority().crl(revoked, now=grid.NOW, lifetime_s=60)
    assert (crl,) == read_crls(crl.pem())
    assert set(revoked) == set(crl.revoked)
    assert (crl.this_update, crl.next_update) == (grid.NOW, grid.NOW + 60)
    assert crl.issuer == grid.CA
    assert crl.is_signed_by(grid.authority().certificate.key)


def test_a_certificate_is_listed_or_not() -> None:
    crl = grid.authority().crl([grid.user().certificate], now=grid.NOW)
    assert crl.has(grid.user().certificate)
    assert not crl.has(grid.host().certificate)


def test_a_list_is_one_of_the_authority_that_signed_it() -> None:
    crl = grid.authority().crl(now=grid.NOW)
    assert crl.is_of(grid.authority().certificate)
    assert not crl.is_of(grid.authority("2").certificate)
    assert not crl.is_of(grid.lower_authority().certificate)


def test_a_text_without_lists_has_none() -> None:
    assert read_crls(grid.user().pem()) == ()
