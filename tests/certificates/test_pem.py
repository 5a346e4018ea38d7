"""PEM texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.der import CertificateError
from certificates.pem import blocks
from certificates.pem import pem

labels = st.sampled_from(["CERTIFICATE", "X509 CRL", "RSA PRIVATE KEY"])


@given(st.lists(st.tuples(labels, st.binary(max_size=200))), st.sampled_from(["", "subject=x\n"]))
def test_blocks_survive_with_text_between_them(
    found: list[tuple[str, bytes]], between: str
) -> None:
    text = between.join(pem(label, body) for label, body in found)
    assert found == list(blocks(text))


def test_no_line_is_longer_than_64() -> None:
    assert max(map(len, pem("CERTIFICATE", bytes(1000)).splitlines())) == 64


def test_windows_line_ends_are_read() -> None:
    assert list(blocks(pem("X", b"abc").replace("\n", "\r\n"))) == [("X", b"abc")]


def test_a_block_without_end_is_none() -> None:
    assert not list(blocks("-----BEGIN CERTIFICATE-----\nAAAA\n"))


def test_half_a_byte_is_refused() -> None:
    with pytest.raises(CertificateError, match="not base64"):
        list(blocks("-----BEGIN CERTIFICATE-----\nAAAAA\n-----END CERTIFICATE-----\n"))
