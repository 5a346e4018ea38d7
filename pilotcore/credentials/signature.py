"""The proof of a job record: an RSA signature of its transformation, by the server's key.

A record that was changed on its way, or that somebody else has made up, is not run. The pilot knows
the server's public key from PANDA_SERVER_KEY: the base64 text between the lines BEGIN and END of a
PEM file ("RSA PUBLIC KEY"); without one nothing is checked. PKCS #1 v1.5 with SHA-256; the standard
library's big numbers do the arithmetic. The column ``encrypt`` is of revision 5 of PanDA's job
table.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import Mapping

from pilotcore.errors import PilotError
from pilotcore.records import Record
from pilotcore.records import text_of

VARIABLE = "PANDA_SERVER_KEY"
COLUMN = "encrypt"
REFUSED = 1302
# DigestInfo of SHA-256 without the digest (RFC 8017, 9.2).
SHA256 = bytes.fromhex("3031300d060960864801650304020105000420")
INTEGER, SEQUENCE = 0x02, 0x30


def check_record(record: Record, env: Mapping[str, str]) -> None:
    """Raise PilotError (1302) unless the server has signed what *record* wants to be run."""
    text = env.get(VARIABLE, "")
    if not text:
        return
    try:
        modulus, exponent = read_key(base64.b64decode(text, validate=True))
    except (ValueError, IndexError, binascii.Error) as error:
        raise PilotError(REFUSED, f"{VARIABLE} is no public key: {error}") from error
    try:
        signed = base64.b64decode(text_of(record, COLUMN), validate=True)
    except (ValueError, binascii.Error):
        signed = b""
    said = str(record.get("transformation") or "").encode()
    if not is_signature(signed, said, modulus=modulus, exponent=exponent):
        raise PilotError(REFUSED, "the server has not signed the transformation of this record")


def is_signature(signed: bytes, text: bytes, *, modulus: int, exponent: int) -> bool:
    """Tell whether *signed* is the signature of *text* by the owner of the key."""
    size = (modulus.bit_length() + 7) // 8
    if len(signed) != size:
        return False
    shown = pow(int.from_bytes(signed, "big"), exponent, modulus).to_bytes(size, "big")
    digest = SHA256 + hashlib.sha256(text).digest()
    expected = b"\x00\x01" + b"\xff" * (size - len(digest) - 3) + b"\x00" + digest
    return hmac.compare_digest(shown, expected)


def read_key(der: bytes) -> tuple[int, int]:
    """Return modulus and exponent of an RSAPublicKey. Raises ValueError, IndexError."""
    body, _ = _element(der, SEQUENCE)
    modulus, rest = _element(body, INTEGER)
    exponent, _ = _element(rest, INTEGER)
    return int.from_bytes(modulus, "big"), int.from_bytes(exponent, "big")


def _element(der: bytes, tag: int) -> tuple[bytes, bytes]:
    """Return the contents of the first element, which must be of *tag*, and what follows it."""
    if der[0] != tag:
        raise ValueError(f"tag {der[0]} where {tag} is expected")
    length, begin = der[1], 2
    if length & 0x80:
        begin += length & 0x7F
        length = int.from_bytes(der[2:begin], "big")
    if len(der) < begin + length:
        raise ValueError("it is cut")
    return der[begin : begin + length], der[begin + length :]
