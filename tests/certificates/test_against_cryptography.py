"""The library cryptography reads what we write, and we read what it writes."""

from __future__ import annotations

import ipaddress
from datetime import datetime
from datetime import timezone

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from certificates.certificate import read_certificate
from certificates.credential import Credential
from certificates.crl import read_crls
from certificates.keys import key_of
from certificates.keys import read_key
from tests.certificates import grid

x509 = pytest.importorskip("cryptography.x509")
hashes = pytest.importorskip("cryptography.hazmat.primitives.hashes")
padding = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.padding")
rsa = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.rsa")
serialization = pytest.importorskip("cryptography.hazmat.primitives.serialization")

MADE = [
    grid.authority().credential,
    grid.lower_authority().credential,
    grid.host("panda.sim", "*.pool.sim", "10.0.0.1"),
    grid.user(),
    grid.proxy(limited=True),
    grid.proxy(legacy=True),
]
dates = st.datetimes(datetime(1951, 1, 1), datetime(2150, 1, 1)).map(
    lambda moment: moment.replace(microsecond=0, tzinfo=timezone.utc)
)
words = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=40)


@pytest.mark.parametrize("made", MADE)
def test_it_reads_our_certificates(made: Credential) -> None:
    own = made.certificate
    found = x509.load_der_x509_certificate(own.der)
    assert found.serial_number == own.serial
    assert found.not_valid_before_utc.timestamp() == own.not_before
    assert found.not_valid_after_utc.timestamp() == own.not_after
    assert found.subject.public_bytes() == own.subject_name
    assert found.public_key().public_numbers().n == own.key.modulus
    assert [e.oid.dotted_string for e in found.extensions]


def test_it_finds_our_signatures_good() -> None:
    found = x509.load_der_x509_certificate(grid.user().certificate.der)
    found.verify_directly_issued_by(
        x509.load_der_x509_certificate(grid.authority().certificate.der)
    )


def test_it_reads_our_names_of_hosts() -> None:
    found = x509.load_der_x509_certificate(MADE[2].certificate.der)
    names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["panda.sim", "*.pool.sim"]
    assert names.get_values_for_type(x509.IPAddress) == [ipaddress.ip_address("10.0.0.1")]


def test_it_checks_our_keys_thoroughly() -> None:
    for number in range(5):
        key = key_of("1", f"key {number}")
        loaded = serialization.load_pem_private_key(key.pem().encode(), None)
        assert loaded.private_numbers().d == key.exponent
        assert loaded.sign(b"x", padding.PKCS1v15(), hashes.SHA256()) == key.sign(b"x")


def test_it_reads_our_lists() -> None:
    root = grid.authority()
    crl = root.crl([grid.user().certificate], now=grid.NOW, lifetime_s=60)
    found = x509.load_pem_x509_crl(crl.pem().encode())
    assert found.is_signature_valid(
        x509.load_der_x509_certificate(root.certificate.der).public_key()
    )
    assert [entry.serial_number for entry in found] == [grid.user().certificate.serial]


@settings(max_examples=30)
@given(words, st.integers(1, 2**150), st.tuples(dates, dates).map(sorted), st.booleans())
def test_we_read_its_certificates(
    word: str, serial: int, times: list[datetime], is_ca: bool
) -> None:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, word)])
    key = serialization.load_pem_private_key(grid.user().key.pem().encode(), None)
    usage = x509.KeyUsage(True, False, True, False, False, is_ca, False, False, False)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), serial, *times)
        .add_extension(x509.BasicConstraints(is_ca, 3 if is_ca else None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("a.sim")]), critical=False)
        .sign(key, hashes.SHA384())
    )
    found = read_certificate(made.public_bytes(serialization.Encoding.DER))
    assert (found.serial, found.digest) == (serial, "sha384")
    assert [found.not_before, found.not_after] == [int(moment.timestamp()) for moment in times]
    assert (found.extensions.is_ca, found.extensions.hosts) == (is_ca, ("a.sim",))
    assert ("key_cert_sign" in (found.extensions.usage or ())) == is_ca
    assert found.is_self_signed()
    assert found.is_signed_by(grid.user().key.public)


def test_we_read_its_keys_and_lists() -> None:
    key = rsa.generate_private_key(65_537, 1024)
    encoding, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    for form in (
        serialization.PrivateFormat.PKCS8,
        serialization.PrivateFormat.TraditionalOpenSSL,
    ):
        text = key.private_bytes(encoding, form, plain).decode()
        assert read_key(text).exponent % 2 == 1
    now = datetime.fromtimestamp(grid.NOW, tz=timezone.utc)
    entry = x509.RevokedCertificateBuilder().serial_number(9).revocation_date(now).build()
    made = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a")]))
        .last_update(now)
        .next_update(now.replace(year=2030))
        .add_revoked_certificate(entry)
        .sign(key, hashes.SHA256())
    )
    [crl] = read_crls(made.public_bytes(encoding).decode())
    assert (crl.issuer, crl.this_update) == ("/CN=a", grid.NOW)
    assert [found.serial for found in crl.revoked] == [9]
