"""Credentials as files."""

from __future__ import annotations

from certificates.credential import read_credential
from certificates.pem import blocks
from certificates.proxies import proxy_of
from tests.certificates import grid


def test_a_proxy_file_is_certificate_key_issuers() -> None:
    labels = [label for label, _ in blocks(proxy_of(grid.proxy(), not_before=grid.NOW).pem())]
    assert labels == ["CERTIFICATE", "RSA PRIVATE KEY", "CERTIFICATE", "CERTIFICATE"]


def test_a_credential_survives_being_written_and_read() -> None:
    proxy = grid.proxy()
    assert proxy == read_credential(proxy.pem(), seed=proxy.seed)


def test_a_credential_that_was_read_signs_the_same_proxies() -> None:
    again = read_credential(grid.user().pem(), seed="1")
    made = [proxy_of(holder, not_before=grid.NOW).pem() for holder in (again, grid.user())]
    assert made[0] == made[1]
