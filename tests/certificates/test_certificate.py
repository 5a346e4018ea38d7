"""Single certificates."""

from __future__ import annotations

import pytest
from hypothesis import example
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from certificates.attributes import read_attributes
from certificates.certificate import Draft
from certificates.certificate import ProxyKind
from certificates.certificate import read_certificate
from certificates.certificate import sign_draft
from certificates.crl import decode_crl
from certificates.der import CertificateError
from certificates.extensions import INDEPENDENT
from certificates.extensions import proxy_info
from certificates.keys import key_of
from certificates.names import encode_name
from tests.certificates import grid

KEY = key_of("1", "issuer")
words = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E, exclude_characters="/="))


def draft(
    subject: str = "/CN=b", issuer: str = "/CN=a", *extensions: bytes, serial: int = 1
) -> Draft:
    names = (encode_name(issuer), encode_name(subject))
    return Draft(serial, *names, grid.NOW, 60, KEY.public, extensions)


@settings(max_examples=30)
@given(words, words, st.integers(1, 2**159))
def test_a_certificate_says_what_it_was_asked_to_say(
    subject: str, issuer: str, serial: int
) -> None:
    found = sign_draft(draft(f"/CN={subject}", f"/O={issuer}", serial=serial), KEY)
    assert (found.subject, found.issuer) == (f"/CN={subject}", f"/O={issuer}")
    assert found.serial == serial
    assert (found.not_before, found.not_after) == (grid.NOW, grid.NOW + 60)
    assert found.is_signed_by(KEY.public)
    assert found == read_certificate(found.der)


@pytest.mark.parametrize(
    ("subject", "extensions", "kind"),
    [
        ("/CN=a/CN=proxy", (), ProxyKind.LEGACY),
        ("/CN=a/CN=limited proxy", (), ProxyKind.LEGACY_LIMITED),
        ("/CN=b/CN=proxy", (), ProxyKind.NONE),
        ("/CN=a/CN=1", (), ProxyKind.NONE),
        ("/CN=a/CN=1", (proxy_info(INDEPENDENT),), ProxyKind.INDEPENDENT),
        ("/CN=a/CN=1", (proxy_info("1.2.3"),), ProxyKind.RESTRICTED),
    ],
)
def test_the_kind_of_a_proxy(subject: str, extensions: tuple[bytes, ...], kind: ProxyKind) -> None:
    assert sign_draft(draft(subject, "/CN=a", *extensions), KEY).proxy is kind


def test_certificates_are_equal_if_their_bytes_are() -> None:
    one, same, other = (sign_draft(draft(serial=n), KEY) for n in (1, 1, 2))
    assert one == same
    assert hash(one) == hash(same)
    assert one != other


@pytest.mark.parametrize("read", [read_certificate, decode_crl, read_attributes])
@settings(max_examples=150)
@given(st.integers(0, 10_000), st.integers(0, 255))
@example(0, 0)
def test_a_wrong_byte_is_read_or_refused_but_never_fatal(
    read: object, place: int, byte: int
) -> None:
    good = {
        read_certificate: grid.host("a.sim", "10.0.0.1").certificate.der,
        decode_crl: grid.authority().crl([grid.user().certificate], now=grid.NOW).der,
        read_attributes: grid.attributes(nickname="ada"),
    }[read]
    bad = bytearray(good)
    bad[place % len(bad)] = byte
    try:
        read(bytes(bad))  # type: ignore[operator]
    except CertificateError:
        return


@given(st.integers(0, 8 * len(grid.user().certificate.der) - 1))
def test_no_bit_of_a_certificate_can_be_changed(bit: int) -> None:
    bad = bytearray(grid.user().certificate.der)
    bad[bit // 8] ^= 1 << bit % 8
    try:
        found = read_certificate(bytes(bad))
    except CertificateError:
        return
    assert not found.is_signed_by(grid.authority().certificate.key)


@given(st.binary(max_size=60))
def test_any_bytes_are_no_certificate(data: bytes) -> None:
    with pytest.raises(CertificateError):
        read_certificate(data)
