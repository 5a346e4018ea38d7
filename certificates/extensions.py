"""The extensions of certificates: how each is written, and what was read of them.

Models basic constraints, key usage, extended key usage, alternative names (DNS, IP), key
identifiers, proxy information (RFC 3820) and the VOMS attribute certificates inside a proxy.
Not modelled: policies, name constraints, distribution points; they are skipped in reading, and a
critical one among them is remembered as unknown.
Read from RFC 5280 (section 4.2), RFC 3820 (section 3.8), italiangrid/voms@2eaeb9a:src/ac/init.c.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from typing import Iterable

from certificates import der

BASIC_CONSTRAINTS = "2.5.29.19"
KEY_USAGE = "2.5.29.15"
EXTENDED_KEY_USAGE = "2.5.29.37"
ALTERNATIVE_NAMES = "2.5.29.17"
SUBJECT_KEY = "2.5.29.14"
AUTHORITY_KEY = "2.5.29.35"
PROXY_INFO = "1.3.6.1.5.5.7.1.14"
VOMS_ATTRIBUTES = "1.3.6.1.4.1.8005.100.100.5"
# The parts of RFC 5280 that OpenSSL takes note of; a critical one that is not here is refused.
UNDERSTOOD = (
    *(BASIC_CONSTRAINTS, KEY_USAGE, EXTENDED_KEY_USAGE, ALTERNATIVE_NAMES),
    *(PROXY_INFO, "2.5.29.30", "2.5.29.31", "2.5.29.32", "2.5.29.33", "2.5.29.36", "2.5.29.54"),
    "2.16.840.1.113730.1.1",
)
USAGES = (
    *("digital_signature", "non_repudiation", "key_encipherment", "data_encipherment"),
    *("key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
)
SERVER_AUTH = "1.3.6.1.5.5.7.3.1"
CLIENT_AUTH = "1.3.6.1.5.5.7.3.2"
IMPERSONATION = "1.3.6.1.5.5.7.21.1"
INDEPENDENT = "1.3.6.1.5.5.7.21.2"
LIMITED = "1.3.6.1.4.1.3536.1.1.1.9"


@dataclass(frozen=True, slots=True)
class Extensions:
    """What the extensions of a certificate say; None and () stand for absent ones.

    *usage* and *purposes* limit what the key is for, *addresses* are packed IP addresses, *policy*
    is the policy language of a proxy (None: no proxy), *unknown* are critical extensions that
    nobody here understands.
    """

    is_ca: bool = False
    path_length: int | None = None
    usage: tuple[str, ...] | None = None
    purposes: tuple[str, ...] | None = None
    hosts: tuple[str, ...] = ()
    addresses: tuple[bytes, ...] = ()
    has_names: bool = False
    subject_key: bytes | None = None
    authority_key: bytes | None = None
    policy: str | None = None
    proxy_path_length: int | None = None
    attributes: tuple[bytes, ...] = ()
    unknown: tuple[str, ...] = ()


def extension(dotted: str, content: bytes, *, critical: bool = False) -> bytes:
    """Return one extension whose value is the DER *content*."""
    flag = der.boolean(True) if critical else b""
    return der.sequence(der.oid(dotted), flag, der.octets(content))


def basic_constraints(*, is_ca: bool, path_length: int | None = None) -> bytes:
    """Return who may sign: a CA, with at most *path_length* CAs below it, or nobody."""
    limit = b"" if path_length is None else der.integer(path_length)
    content = der.sequence(der.boolean(True) if is_ca else b"", limit)
    return extension(BASIC_CONSTRAINTS, content, critical=True)


def key_usage(*names: str) -> bytes:
    """Return what the key is for; *names* are among USAGES."""
    places = [USAGES.index(name) for name in names]
    last = max(places)
    number = sum(1 << (15 - place) for place in places)
    content = number.to_bytes(2, "big")[: last // 8 + 1]
    return extension(KEY_USAGE, der.bits(content, unused=7 - last % 8), critical=True)


def extended_key_usage(*purposes: str) -> bytes:
    """Return the *purposes* (dotted) that the key is limited to."""
    return extension(EXTENDED_KEY_USAGE, der.sequence(*map(der.oid, purposes)))


def alternative_names(names: Iterable[str]) -> bytes:
    """Return the DNS names and IP addresses of a host."""
    return extension(ALTERNATIVE_NAMES, der.sequence(*map(_general_name, names)))


def _general_name(name: str) -> bytes:
    packed = packed_address(name)
    if packed is not None:
        return der.implicit(7, packed)
    return der.implicit(2, name.encode("ascii" if name.isascii() else "idna"))


def packed_address(name: str) -> bytes | None:
    """Return the bytes of the IP address *name*, None if it is none."""
    if not name.replace(".", "").isdigit() and ":" not in name:
        return None
    # Few worlds have hosts without a name; the module costs more than the rest of this package.
    import ipaddress

    try:
        return ipaddress.ip_address(name).packed
    except ValueError:
        return None


def subject_key(identifier: bytes) -> bytes:
    """Return which key this certificate is about."""
    return extension(SUBJECT_KEY, der.octets(identifier))


def authority_key(identifier: bytes) -> bytes:
    """Return which key signed."""
    return extension(AUTHORITY_KEY, der.sequence(der.implicit(0, identifier)))


def proxy_info(policy: str, *, path_length: int | None = None) -> bytes:
    """Return what a proxy may do (a policy language, dotted), and how many may follow it."""
    limit = b"" if path_length is None else der.integer(path_length)
    content = der.sequence(limit, der.sequence(der.oid(policy)))
    return extension(PROXY_INFO, content, critical=True)


def voms_attributes(attributes: Iterable[bytes]) -> bytes:
    """Return the DER attribute certificates as a proxy carries them."""
    return extension(VOMS_ATTRIBUTES, der.sequence(der.sequence(*attributes)))


def read_extensions(elements: Iterable[der.Element]) -> Extensions:
    """Return what the extensions say. Raises CertificateError."""
    found: dict[str, Any] = {}
    unknown = []
    seen = set()
    for element in elements:
        reader = element.reader()
        dotted = reader.take(der.OID).oid()
        flag = reader.maybe(der.BOOLEAN)
        content = reader.take(der.OCTETS).content
        reader.close()
        if dotted in seen:
            raise der.CertificateError(f"the extension {dotted} is there twice")
        seen.add(dotted)
        if dotted in READERS:
            found |= READERS[dotted](content)
        if flag is not None and flag.content != b"\0" and dotted not in UNDERSTOOD:
            unknown.append(dotted)
    return Extensions(**found, unknown=tuple(unknown))


def _read_constraints(content: bytes) -> dict[str, Any]:
    reader = der.read(content, der.SEQUENCE).reader()
    flag, limit = reader.maybe(der.BOOLEAN), reader.maybe(der.INTEGER)
    reader.close()
    return {
        "is_ca": flag is not None and flag.content != b"\0",
        "path_length": None if limit is None else limit.integer(),
    }


def _read_usage(content: bytes) -> dict[str, Any]:
    flags = der.read(content, der.BITS).bits()
    set_ = [name for at, name in enumerate(USAGES) if at < 8 * len(flags) and _bit(flags, at)]
    return {"usage": tuple(set_)}


def _bit(flags: bytes, at: int) -> bool:
    return bool(flags[at // 8] & 0x80 >> at % 8)


def _read_purposes(content: bytes) -> dict[str, Any]:
    return {"purposes": tuple(e.oid() for e in der.read(content, der.SEQUENCE).children())}


def _read_names(content: bytes) -> dict[str, Any]:
    names = der.read(content, der.SEQUENCE).children()
    packed = [name.content for name in names if name.tag == 0x87]
    return {
        "has_names": True,
        "hosts": tuple(name.text() for name in names if name.tag == 0x82),
        "addresses": tuple(packed),
    }


def _read_subject_key(content: bytes) -> dict[str, Any]:
    return {"subject_key": der.read(content, der.OCTETS).content}


def _read_authority_key(content: bytes) -> dict[str, Any]:
    found = der.read(content, der.SEQUENCE).reader().maybe(0x80)
    return {"authority_key": None if found is None else found.content}


def _read_proxy_info(content: bytes) -> dict[str, Any]:
    reader = der.read(content, der.SEQUENCE).reader()
    limit = reader.maybe(der.INTEGER)
    policy = reader.take(der.SEQUENCE).reader().take(der.OID).oid()
    reader.close()
    length = None if limit is None else limit.integer()
    return {"policy": policy, "proxy_path_length": length}


def _read_attributes(content: bytes) -> dict[str, Any]:
    inside = der.read(content, der.SEQUENCE).reader().take(der.SEQUENCE)
    return {"attributes": tuple(element.raw for element in inside.children())}


READERS = {
    BASIC_CONSTRAINTS: _read_constraints,
    KEY_USAGE: _read_usage,
    EXTENDED_KEY_USAGE: _read_purposes,
    ALTERNATIVE_NAMES: _read_names,
    SUBJECT_KEY: _read_subject_key,
    AUTHORITY_KEY: _read_authority_key,
    PROXY_INFO: _read_proxy_info,
    VOMS_ATTRIBUTES: _read_attributes,
}
