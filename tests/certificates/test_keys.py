"""Keys and signatures."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from certificates import der
from certificates import keys
from certificates.pem import pem

KEY = keys.key_of("1", "Ada")


@given(st.text(max_size=20), st.text(max_size=20))
def test_every_name_has_a_key_of_2048_bits(seed: str, name: str) -> None:
    key = keys.key_of(seed, name)
    assert key.public.bits == 2048
    assert key.p * key.q == key.public.modulus


@settings(max_examples=20)
@given(st.binary(max_size=100), st.sampled_from(sorted(keys.ALGORITHMS)))
def test_a_signature_is_good_for_its_data_only(data: bytes, digest: str) -> None:
    signature = KEY.sign(data, digest=digest)
    assert keys.is_signature(signature, data, digest=digest, key=KEY.public)
    assert not keys.is_signature(signature, data + b"x", digest=digest, key=KEY.public)


def test_a_signature_of_another_key_or_digest_or_length_is_none() -> None:
    signature = KEY.sign(b"data")
    other = keys.key_of("2", "Ada").public
    assert not keys.is_signature(signature, b"data", digest="sha256", key=other)
    assert not keys.is_signature(signature, b"data", digest="sha512", key=KEY.public)
    assert not keys.is_signature(signature, b"data", digest="", key=KEY.public)
    assert not keys.is_signature(b"\0" + signature, b"data", digest="sha256", key=KEY.public)


def test_the_same_words_make_the_same_key_in_another_process() -> None:
    code = "from certificates.keys import key_of; print(key_of('1', 'Ada').sign(b'x').hex())"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == KEY.sign(b"x").hex()


@pytest.mark.parametrize("bits", [512, 1024])
def test_short_keys_are_searched(bits: int) -> None:
    key = keys.key_of("1", "weak", bits=bits)
    assert key.public.bits == bits
    assert keys.is_signature(key.sign(b"x"), b"x", digest="sha256", key=key.public)


def test_a_key_too_short_for_a_digest_is_refused() -> None:
    with pytest.raises(der.CertificateError, match="too short"):
        keys.key_of("1", "weak", bits=512).sign(b"x", digest="sha512")


def test_a_search_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "SEARCH_MAX", 2)
    monkeypatch.setattr(keys, "is_prime", lambda number: False)
    with pytest.raises(der.CertificateError, match="no prime within 2"):
        keys.search("x", bits=512)


@given(st.integers(2_001, 10**7).map(lambda half: 2 * half + 1))
def test_what_passes_for_a_prime_is_one(number: int) -> None:
    divided = all(number % d for d in range(3, int(number**0.5) + 1, 2))
    assert keys.is_prime(number) == divided


def test_a_key_survives_both_ways_of_writing_it() -> None:
    wrapped = der.sequence(der.integer(0), keys.algorithm(keys.RSA), der.octets(KEY.der()))
    assert KEY == keys.read_key(KEY.pem())
    assert KEY == keys.read_key(pem("PRIVATE KEY", wrapped))


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (der.sequence(), "nine"),
        (der.sequence(*map(der.integer, range(9))), "do not fit"),
        (b"", "missing"),
    ],
)
def test_numbers_that_are_no_key_are_refused(body: bytes, why: str) -> None:
    with pytest.raises(der.CertificateError, match=why):
        keys.read_key(pem("RSA PRIVATE KEY", body))


def test_a_text_without_key_is_refused() -> None:
    with pytest.raises(der.CertificateError, match="no private key"):
        keys.read_key("")


def test_a_key_that_is_not_rsa_is_refused() -> None:
    wrapped = der.sequence(der.integer(0), keys.algorithm("1.2.840.10045.2.1"), der.octets(b""))
    with pytest.raises(der.CertificateError, match="not RSA"):
        keys.read_key(pem("PRIVATE KEY", wrapped))
    info = der.sequence(keys.algorithm("1.2.840.10045.2.1"), der.bits(b""))
    with pytest.raises(der.CertificateError, match="not RSA"):
        keys.read_public(der.read(info))


def test_a_public_key_of_two_small_numbers_is_refused() -> None:
    numbers = der.sequence(der.integer(2), der.integer(-1))
    info = der.sequence(keys.algorithm(keys.RSA), der.bits(numbers))
    with pytest.raises(der.CertificateError, match="wrong form"):
        keys.read_public(der.read(info))


@given(st.integers(1, 200))
def test_numbers_drawn_fit_their_bits(bits: int) -> None:
    assert 0 < keys.number_of("1", bits, bits=bits) < 2**bits or bits == 1
